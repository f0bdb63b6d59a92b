namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>The names of Hangfire's states, as they are stored.</summary>
internal static class JobStates
{
    public const string Enqueued = "Enqueued";
    public const string Processing = "Processing";
    public const string Scheduled = "Scheduled";
    public const string Awaiting = "Awaiting";
    public const string Succeeded = "Succeeded";
    public const string Failed = "Failed";
    public const string Deleted = "Deleted";

    /// <summary>Whether a job in this state has not ended, so that its unique key belongs to it.</summary>
    public static bool IsActive(string? state) => state is Enqueued or Processing or Scheduled or Awaiting;

    /// <summary>How a job of a workflow ended, as <see cref="JobWorkflowCondition"/> adds it up: 0 for one that has not.</summary>
    public static long OutcomeOf(string? state) => state switch
    {
        Succeeded => 1,
        Failed => 2,
        Deleted => 4,
        _ => 0,
    };
}
