namespace Asdamir.Data.HangfireJobs.Settings;

/// <summary>Finds the known name closest to a misspelt one.</summary>
internal static class Spelling
{
    private const int LongestName = 100;

    /// <returns>The closest known name that differs in at most a third of its characters; <see langword="null"/> when there is
    /// none.</returns>
    public static string? Closest(string name, IEnumerable<string> known) =>
        name.Length > LongestName ? null : known
            .Select(other => (Name: other, Distance: Distance(name.ToUpperInvariant(), other.ToUpperInvariant())))
            .Where(static other => other.Distance <= Math.Max(1, other.Name.Length / 3))
            .OrderBy(static other => other.Distance)
            .Select(static other => other.Name)
            .FirstOrDefault();

    // The Levenshtein distance, computed row by row.
    private static int Distance(string from, string to)
    {
        var previous = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var row = new int[to.Length + 1];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
                row[j] = Math.Min(Math.Min(previous[j], row[j - 1]) + 1, previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
            previous = row;
        }
        return previous[to.Length];
    }
}
