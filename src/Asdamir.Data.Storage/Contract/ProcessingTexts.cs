using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire.Common;

namespace Asdamir.Data.Storage.Contract;

/// <summary>The state Processing as Hangfire's workers write it, for claims that write it themselves.</summary>
internal static class ProcessingTexts
{
    public static ClaimedState Of(string serverId, TimeProvider time)
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
}
