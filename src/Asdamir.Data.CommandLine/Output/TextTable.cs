using System.Globalization;

namespace Asdamir.Data.CommandLine.Output;

/// <summary>A table for people. Cells are made safe, and cut where they are too long for a line.</summary>
internal sealed class TextTable(params string[] headings)
{
    private const int LongestCell = 60;
    private const string Gap = "  ";

    private readonly List<Cell[]> _rows = [];

    public void Add(params Cell[] cells) => _rows.Add(cells);

    /// <param name="none">What stands there instead of a table without rows.</param>
    public void Write(Terminal terminal, string none)
    {
        if (_rows.Count == 0)
        {
            terminal.WriteLine(none);
            return;
        }
        var texts = _rows.Select(row => row.Select(cell => Cut(terminal.Safe(cell.Text))).ToArray()).ToList();
        var widths = headings.Select((heading, column) => Math.Max(WidthOf(heading), texts.Max(row => WidthOf(row[column])))).ToArray();
        terminal.WriteLine(terminal.Colored(Line([.. headings.Select((heading, column) => Padded(heading, widths[column]))]), Color.Bold));
        foreach (var (row, cells) in texts.Zip(_rows))
        {
            terminal.WriteLine(
                Line([.. row.Select((text, column) => terminal.Colored(Padded(text, widths[column]), cells[column].Color))]));
        }
    }

    private static string Line(string[] cells) => string.Join(Gap, cells).TrimEnd();

    private static string Padded(string text, int width) => text + new string(' ', width - WidthOf(text));

    private static int WidthOf(string text) => new StringInfo(text).LengthInTextElements;

    private static string Cut(string text)
    {
        var info = new StringInfo(text);
        return info.LengthInTextElements <= LongestCell ? text : info.SubstringByTextElements(0, LongestCell - 1) + "…";
    }
}
