using System.Globalization;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>A job that this process may execute.</summary>
/// <param name="Token">Its row in the queue, and which claim of it this is.</param>
/// <param name="LeaseId">The lease it was claimed under.</param>
/// <param name="JobId">The job.</param>
/// <param name="Queue">The queue it came from.</param>
/// <param name="Row">The job as it was when it was claimed; <see langword="null"/> when it does not exist any more.</param>
/// <param name="AskedAt">When the claim was sent, as <see cref="Environment.TickCount64"/>: it is not older than that.</param>
internal sealed record ClaimedJob(ClaimToken Token, long LeaseId, long JobId, string Queue, JobRow? Row, long AskedAt)
{
    /// <summary>Whether the claim itself has put the job into the state Processing.</summary>
    public bool HasBegun { get; init; }

    /// <summary>Whether the process that had the job before has died.</summary>
    public bool WasLost { get; init; }

    public TimeSpan Age => TimeSpan.FromMilliseconds(Environment.TickCount64 - AskedAt);
}

/// <summary>
/// One delivery of one row of a queue: a claim that was given back and taken again is another one. So is one that a crash
/// of the database undid, which only the time tells: its delivery is counted again.
/// </summary>
internal readonly record struct ClaimToken(long Id, long Delivery, long At)
{
    /// <summary>Makes ids of workers long enough for Hangfire's dashboard, which shows the first eight characters.</summary>
    public const string WorkerPrefix = "claim-";

    /// <summary>Its id as the id of a worker.</summary>
    public string WorkerId => string.Create(CultureInfo.InvariantCulture, $"{WorkerPrefix}{Id}.{Delivery}");

    /// <summary>
    /// How a delivery is counted, in SQL. A corrupt count starts over: beyond its limit, no job of the queue could be claimed.
    /// </summary>
    public const string Next = "(deliveries & 2147483647) + 1";
}
