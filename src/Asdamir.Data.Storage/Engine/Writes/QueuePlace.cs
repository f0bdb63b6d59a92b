using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// What a new job has in its row so that whichever process adds it to a queue knows its place there. A job without any waits in the order
/// of arrival.
/// </summary>
/// <param name="Priority">Its priority.</param>
/// <param name="HeadStart">
/// By how many microseconds it is ahead of a job of default priority that arrives at the same time; below zero it is behind.
/// </param>
/// <param name="Fairness">A hash of its fairness key, of zero or more; <see langword="null"/> for a job without one.</param>
/// <param name="Limits">Under which limits it is executed, see <see cref="LimitIds"/>; <see langword="null"/> for none.</param>
internal sealed record QueuePlace(long Priority, long HeadStart, long? Fairness, string? Limits)
{
    /// <summary>The place of a new job.</summary>
    /// <returns><see langword="null"/> for one that waits in the order of arrival.</returns>
    public static QueuePlace? Of(Dictionary<string, string?> parameters)
    {
        var (priority, aging) = JobPriority.Parse(parameters.GetValueOrDefault(JobPriority.Parameter))
            ?? (JobPriority.Default, TimeSpan.Zero);
        var key = JobFairness.Read(parameters.GetValueOrDefault(JobFairness.Parameter));
        var limits = LimitIds.Of(JobLimits.Read(parameters.GetValueOrDefault(JobLimits.Parameter)));
        return priority == JobPriority.Default && key is null && limits is null
            ? null
            : new QueuePlace(
                priority, (JobPriority.Default - priority) * Micros.Of(aging), key is null ? null : FairnessOf(key), limits);
    }

    // As long as any other key, whatever its characters, and in no order that its author can choose.
    private static long FairnessOf(string key) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(key))) & long.MaxValue;
}
