using System.Diagnostics.CodeAnalysis;

namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Why an action was not carried out on a job, a recurring job, a queue or a limit, or what to know when it was.
/// </summary>
public sealed record JobActionRemark
{
    /// <summary>Creates an empty remark, to be initialised.</summary>
    public JobActionRemark()
    {
    }

    [SetsRequiredMembers]
    internal JobActionRemark(string id, string reason)
    {
        Id = id;
        Reason = reason;
    }

    /// <summary>
    /// The id of the job or recurring job, the name of the queue or the limit, or what the action was meant for where it cannot be
    /// attributed to one.
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The reason, for the operator.</summary>
    public required string Reason { get; init; }
}
