using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire.Common;
using Hangfire.States;

namespace Asdamir.Data.Storage.Contract;

/// <summary>States as Hangfire writes them, for changes of state that the storage itself makes.</summary>
internal static class HangfireStates
{
    /// <summary>Processing, as claims write it.</summary>
    public static ClaimedState Processing(string serverId, TimeProvider time)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var at = Micros.Of(now);
        return new ClaimedState(at, StateText.Write(
            JobStates.Processing,
            at,
            new Dictionary<string, string?>
            {
                ["StartedAt"] = JobHelper.SerializeDateTime(now), ["ServerId"] = serverId, ["WorkerId"] = ClaimToken.WorkerPrefix,
            }));
    }

    public static IDictionary<string, string?> EnqueuedData(string queue) => new EnqueuedState(queue).SerializeData()!;
}
