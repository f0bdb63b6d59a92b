using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Runs;

/// <summary>The parameters kept with a run beside its payload. The first three are Hangfire's own.</summary>
internal static class RunParameters
{
    public const string RetryCount = "RetryCount";
    public const string RecurringJobId = "RecurringJobId";
    public const string Time = "Time";

    /// <summary>How often a process died while it was executing the run.</summary>
    public const string LostDeliveries = "LostDeliveries";

    /// <summary>Set when a run was given back in an orderly shutdown, so that its next delivery is not taken for a crash.</summary>
    public const string GivenBack = "GivenBack";


    public static T? Get<T>(IStorageConnection connection, string runId, string name) =>
        SerializationHelper.Deserialize<T>(connection.GetJobParameter(runId, name), SerializationOption.User);

    public static void Set<T>(IStorageConnection connection, string runId, string name, T value) =>
        connection.SetJobParameter(runId, name, SerializationHelper.Serialize(value, SerializationOption.User));
}
