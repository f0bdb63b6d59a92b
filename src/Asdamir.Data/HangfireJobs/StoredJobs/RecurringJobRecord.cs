using System.Globalization;
using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>A stored recurring job: Hangfire's fields and ours.</summary>
internal sealed class RecurringJobRecord(string storedId, Dictionary<string, string> fields)
{
    public const string JobField = "Job";
    public const string PausedAtField = "Asdamir.PausedAt";
    public const string PauseReasonField = "Asdamir.PauseReason";
    public const string DeclaredByField = "Asdamir.DeclaredBy";

    public string StoredId => storedId;

    public string Cron => fields["Cron"];

    public string TimeZoneId => Text("TimeZoneId") ?? "UTC";

    public MisfirePolicy Misfire =>
        int.TryParse(Text("Misfire"), CultureInfo.InvariantCulture, out var policy) ? (MisfirePolicy)policy : MisfirePolicy.RunOnce;

    public DateTime? NextExecution => Date("NextExecution");

    public DateTime? CreatedAt => Date("CreatedAt");

    public DateTime? LastExecution => Date("LastExecution");

    public string? LastJobId => Text("LastJobId");

    /// <summary>Why a server could not create its job; Hangfire disables an entry after six such errors in a row.</summary>
    public string? Error => Text("Error");

    public bool IsPaused => Text(PausedAtField) is not null;

    public DateTime? PausedAt => Date(PausedAtField);

    public string? PauseReason => Text(PauseReasonField);

    /// <summary>What its jobs get from it.</summary>
    public GivenParameters Given { get; } = GivenParameters.Of(fields);

    public string? DeclaredBy => Text(DeclaredByField);

    /// <exception cref="JobLoadException">This process does not load the stored job.</exception>
    public Job Load(JobLoader loader) =>
        Stored is { } stored
            ? loader.Load(stored)
            : throw new JobLoadException(
                $"Recurring job '{storedId}' has no job that can be read.", new InvalidOperationException("The stored text is not a job."));

    /// <summary>The queue of its jobs, known even when the job cannot be loaded.</summary>
    public string Queue => Stored?.Queue ?? Text("Queue") ?? "default";

    /// <summary>The job as stored, which is untrusted text; <see langword="null"/> when it cannot be read.</summary>
    public InvocationData? Stored { get; } = RecurringPayload.Read(fields.GetValueOrDefault(JobField));

    /// <summary>
    /// Replacements for fields that Hangfire's schedulers cannot read. Unknown numbers may belong to a later version, and stay.
    /// </summary>
    public static Dictionary<string, string> Repairs(IReadOnlyDictionary<string, string> fields)
    {
        Dictionary<string, string> repairs = [];
        foreach (var (field, value) in fields)
        {
            var isReadable = field switch
            {
                "CreatedAt" or "LastExecution" or "NextExecution" => string.IsNullOrWhiteSpace(value) || StoredTime.Read(value) is not null,
                "V" => string.IsNullOrWhiteSpace(value) || int.TryParse(value, CultureInfo.InvariantCulture, out _),
                "Misfire" => int.TryParse(value, CultureInfo.InvariantCulture, out _) || Enum.TryParse<MisfireHandlingMode>(value, out _),
                _ => true,
            };
            if (!isReadable)
                repairs[field] = field == "Misfire" ? "0" : "";
        }
        return repairs;
    }

    private string? Text(string field) => fields.TryGetValue(field, out var value) && !string.IsNullOrEmpty(value) ? value : null;

    private DateTime? Date(string field) => StoredTime.Read(Text(field));
}
