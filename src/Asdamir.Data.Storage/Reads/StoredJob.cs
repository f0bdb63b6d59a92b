using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Reads;

/// <summary>Turns what is stored into a job, which fails when this process does not have its method.</summary>
internal static class StoredJob
{
    public static (Job? Job, JobLoadException? Error) Load(InvocationData invocation)
    {
        try
        {
            return (invocation.DeserializeJob(), null);
        }
        catch (JobLoadException exception)
        {
            return (null, exception);
        }
    }
}
