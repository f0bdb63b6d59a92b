using System.Globalization;
using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Runs;

/// <summary>A stored recurring job: Hangfire's fields and ours.</summary>
internal sealed class RecurringJobRecord(string storedId, Dictionary<string, string> fields)
{
    public const string PausedAtField = "Asdamir.PausedAt";
    public const string PauseReasonField = "Asdamir.PauseReason";
    public const string DeclaredByField = "Asdamir.DeclaredBy";

    public string StoredId => storedId;

    public string Cron => fields["Cron"];

    public string TimeZoneId => Text("TimeZoneId") ?? "UTC";

    public MisfirePolicy Misfire =>
        int.TryParse(Text("Misfire"), CultureInfo.InvariantCulture, out var policy) ? (MisfirePolicy)policy : MisfirePolicy.RunOnce;

    public DateTime? NextExecution => Date("NextExecution");

    public DateTime? LastExecution => Date("LastExecution");

    public string? LastRunId => Text("LastJobId");

    /// <summary>Why a server could not create its run; Hangfire disables an entry after six such errors in a row.</summary>
    public string? Error => Text("Error");

    public bool IsPaused => Text(PausedAtField) is not null;

    public string? PauseReason => Text(PauseReasonField);

    public string? DeclaredBy => Text(DeclaredByField);

    /// <exception cref="JobLoadException">This process does not have the stored method.</exception>
    public Job Job => InvocationData.DeserializePayload(Text("Job") ?? throw new JobLoadException($"Recurring job '{storedId}' has no job.", new InvalidOperationException())).DeserializeJob();

    /// <summary>The queue of its runs, known even when the job cannot be loaded.</summary>
    public string Queue => (Text("Job") is { } job ? InvocationData.DeserializePayload(job).Queue : null) ?? Text("Queue") ?? "default";

    private string? Text(string field) => fields.TryGetValue(field, out var value) && !string.IsNullOrEmpty(value) ? value : null;

    private DateTime? Date(string field) => Text(field) is { } value ? JobHelper.DeserializeDateTime(value) : null;
}
