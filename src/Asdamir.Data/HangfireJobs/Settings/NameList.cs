namespace Asdamir.Data.HangfireJobs.Settings;

/// <summary>Names in one setting, separated by commas. Only the letters and digits of a name count.</summary>
internal static class NameList
{
    public const string Fix = "write names of at least 3 letters or digits, separated by commas, as in 'taxId, salary'";

    // A shorter name is part of nearly every other name.
    private const int ShortestName = 3;

    public static string[] Split(string names) => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The letters and digits of a name, in lower case.</summary>
    public static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    public static string? FaultOf(string names) =>
        Split(names).FirstOrDefault(static name => Plain(name).Length < ShortestName) is { } name
            ? $"has the name '{name}', which is too short"
            : null;
}
