using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>The parameters kept with a job beside its payload. The first three are Hangfire's.</summary>
internal static class JobParameters
{
    public const string RetryCount = "RetryCount";
    public const string RecurringJobId = "RecurringJobId";
    public const string Time = "Time";

    /// <summary>How many processes died while they executed the job.</summary>
    public const string LostDeliveries = "LostDeliveries";

    /// <summary>Set when an orderly shutdown returned the job to its queue, so that the next delivery does not count as a crash.</summary>
    public const string GivenBack = "GivenBack";

    /// <summary>How many attempts have failed, by the stored <see cref="RetryCount"/>.</summary>
    public static int RetriesOf(string? stored) => int.TryParse(stored, out var count) && count >= 0 ? count : 0;

    public static T? Get<T>(IStorageConnection connection, string jobId, string name) =>
        SerializationHelper.Deserialize<T>(connection.GetJobParameter(jobId, name), SerializationOption.User);

    public static void Set<T>(IStorageConnection connection, string jobId, string name, T value) =>
        connection.SetJobParameter(jobId, name, SerializationHelper.Serialize(value, SerializationOption.User));
}
