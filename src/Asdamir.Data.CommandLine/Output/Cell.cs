using System.Globalization;

namespace Asdamir.Data.CommandLine.Output;

/// <summary>A cell of a table.</summary>
internal readonly record struct Cell(string? Text, Color Color = Color.None)
{
    public static implicit operator Cell(string? text) => new(text);

    public static implicit operator Cell(long number) => new(number.ToString(CultureInfo.InvariantCulture));

    public static implicit operator Cell(DateTimeOffset? time) => new(Times.Of(time));
}
