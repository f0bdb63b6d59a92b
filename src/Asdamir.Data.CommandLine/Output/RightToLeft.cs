namespace Asdamir.Data.CommandLine.Output;

internal static class RightToLeft
{
    /// <summary>Whether a character belongs to a script that is written from right to left.</summary>
    public static bool Contains(char character) =>
        character is (>= '\u0590' and <= '\u08ff') or (>= '\ufb1d' and <= '\ufdff') or (>= '\ufe70' and <= '\ufeff') or '\u200f';
}
