using System.Globalization;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>Where a page ended: the time and id of its last job, and the last row of a queue it has shown.</summary>
internal readonly record struct SearchCursor(long At, long Id, long? QueueRow)
{
    public static SearchCursor? Parse(string? text)
    {
        if (text is null)
            return null;
        var parts = text.Split('.');
        if (parts.Length == 3 && TryParse(parts[0], out var at) && TryParse(parts[1], out var id) && TryParse(parts[2], out var row))
            return new SearchCursor(at, id, row == 0 ? null : row);
        throw new ArgumentException(
            $"{nameof(JobQuery.After)} = '{text}' is no cursor. Fix: pass the {nameof(JobPage.Next)} of the page before.", nameof(text));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}.{Id}.{QueueRow ?? 0}");

    private static bool TryParse(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
