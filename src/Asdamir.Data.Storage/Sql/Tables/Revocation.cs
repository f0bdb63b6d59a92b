using System.Globalization;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>
/// A change of state that took a job from the worker that executes it: it was deleted or requeued. The version tells that worker from one
/// that has claimed the job since, without comparing clocks.
/// </summary>
/// <param name="JobId">The job.</param>
/// <param name="Version">The version of its row before the change: claims of older versions are revoked.</param>
internal readonly record struct Revocation(long JobId, long Version)
{
    // PostgreSQL limits a notification to 8,000 bytes.
    private const int MaxInText = 180;

    /// <summary>As texts for notifications.</summary>
    public static IEnumerable<string> Format(IEnumerable<Revocation> revocations) =>
        revocations.Chunk(MaxInText).Select(static chunk => string.Join(
            ',', chunk.Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.JobId}:{one.Version}"))));

    /// <summary>Reads such a text; what is not one of this package is left out.</summary>
    public static List<Revocation> Parse(string text)
    {
        List<Revocation> revocations = [];
        foreach (var entry in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.Split(':') is [var id, var version]
                && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var jobId)
                && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var before))
            {
                revocations.Add(new Revocation(jobId, before));
            }
        }
        return revocations;
    }
}
