namespace Asdamir.Data.CommandLine.Output;

/// <summary>The colours in use, by their codes.</summary>
internal enum Color
{
    None = 0,
    Bold = 1,
    Red = 31,
    Green = 32,
    Yellow = 33,
    Cyan = 36,
    Gray = 90,
}
