using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// The parameters that a recurring job gives its jobs, by their names and as they are stored. Each is a field of the entry, which our
/// storages read when any server creates a job of it.
/// </summary>
internal sealed class GivenParameters(IReadOnlyDictionary<string, string> values)
{
    // Each with the field of the entry.
    private static readonly (string Parameter, string Field)[] All =
    [
        (JobKeys.UniqueParameter, JobKeys.RecurringField),
        (JobPriority.Parameter, JobPriority.RecurringField),
        (JobFairness.Parameter, JobFairness.RecurringField),
        (JobLimits.Parameter, JobLimits.RecurringField),
    ];

    public bool IsEmpty => values.Count == 0;

    public int Priority => JobPriority.Read(values.GetValueOrDefault(JobPriority.Parameter));

    public string? FairnessKey => JobFairness.Read(values.GetValueOrDefault(JobFairness.Parameter));

    public string? UniqueKey => JobKeys.UniqueKeyOf(values.GetValueOrDefault(JobKeys.UniqueParameter));

    /// <summary>All fields; empty ones remove what an entry had before.</summary>
    public Dictionary<string, string> Fields => All.ToDictionary(
        static given => given.Field, given => values.GetValueOrDefault(given.Parameter, ""), StringComparer.Ordinal);

    public static GivenParameters Of(IReadOnlyDictionary<string, string> fields) => new(
        All.Where(given => !string.IsNullOrEmpty(fields.GetValueOrDefault(given.Field)))
            .ToDictionary(static given => given.Parameter, given => fields[given.Field], StringComparer.Ordinal));

    public bool IsSameAs(GivenParameters other) => Fields.All(field => other.Fields[field.Key] == field.Value);
}
