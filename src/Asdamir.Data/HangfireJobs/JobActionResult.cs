namespace Asdamir.Data.HangfireJobs;

/// <summary>The outcome of an action on one or more jobs, on a recurring job, on a queue or on a limit.</summary>
public sealed record JobActionResult
{
    /// <summary>On how many jobs, recurring jobs, queues or limits the action was carried out.</summary>
    public int Done { get; init; }

    /// <summary>How many were left unchanged, because they do not exist, have changed in the meantime or may not be acted on.</summary>
    public int Skipped { get; init; }

    /// <summary>How many could not be acted on because of an error.</summary>
    public int Failed { get; init; }

    /// <summary>
    /// Why jobs were skipped or failed, at most the first 100; or what to know of an action that was carried out. The default value is
    /// empty.
    /// </summary>
    public IReadOnlyList<JobActionRemark> Remarks { get; init; } = [];

    /// <summary>The job that a trigger created; otherwise <see langword="null"/>.</summary>
    public string? JobId { get; init; }

    /// <summary>Whether the action was carried out, and on everything it was meant for.</summary>
    public bool IsDone => Done > 0 && Skipped == 0 && Failed == 0;

    /// <summary>The first reason in <see cref="Remarks"/>; <see langword="null"/> when there is none.</summary>
    public string? Reason => Remarks is [{ } first, ..] ? first.Reason : null;

    internal static JobActionResult Success { get; } = new() { Done = 1 };

    internal static JobActionResult Refused(string id, string reason) => new() { Skipped = 1, Remarks = [new JobActionRemark(id, reason)] };

    internal static JobActionResult Error(string id, string reason) => new() { Failed = 1, Remarks = [new JobActionRemark(id, reason)] };
}
