using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>Turns what is stored into a job, which fails when this process does not have its method or must not load it.</summary>
internal static class StoredJob
{
    /// <param name="loader">What the process may load; <see langword="null"/> for everything, as Hangfire does.</param>
    public static (Job? Job, JobLoadException? Error) Load(InvocationData invocation, IJobLoader? loader)
    {
        try
        {
            return (loader is null ? invocation.DeserializeJob() : loader.Load(invocation), null);
        }
        catch (JobLoadException exception)
        {
            return (null, exception);
        }
    }

    /// <returns>The job of a recurring job as this process stores it, without anything else that the text holds; <see langword="null"/>
    /// when it must not be loaded.</returns>
    public static string? LoadPayload(string payload, IJobLoader loader)
    {
        try
        {
            return InvocationData.SerializeJob(loader.LoadPayload(payload)).SerializePayload();
        }
        catch (JobLoadException)
        {
            return null;
        }
    }
}
