using Asdamir.Data.Storage.Sql;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// What a new job has in its row so that whichever process adds it to a queue knows its place there. A job without any waits in the order
/// of arrival.
/// </summary>
/// <param name="Priority">Its priority.</param>
/// <param name="HeadStart">
/// By how many microseconds it is ahead of a job of default priority that arrives at the same time; below zero it is behind.
/// </param>
internal sealed record QueuePlace(long Priority, long HeadStart)
{
    /// <summary>The place of a new job.</summary>
    /// <returns><see langword="null"/> for one that waits in the order of arrival.</returns>
    public static QueuePlace? Of(Dictionary<string, string?> parameters) =>
        parameters.TryGetValue(JobPriority.Parameter, out var text)
            && JobPriority.Parse(text) is var (priority, aging)
            && priority != JobPriority.Default
            ? new QueuePlace(priority, (JobPriority.Default - priority) * Micros.Of(aging))
            : null;
}
