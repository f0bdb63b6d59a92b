using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Sql;
using Hangfire.Common;

namespace Asdamir.Data.Storage.Contract;

/// <summary>The state Processing as Hangfire's workers write it, for claims that write it themselves.</summary>
internal static class ProcessingTexts
{
    public static ClaimedState Of(string serverId, TimeProvider time)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var text = Json.Write(
            [
                new("StartedAt", JobHelper.SerializeDateTime(now)),
                new("ServerId", serverId),
                new("WorkerId", ""),
            ]);
        return new ClaimedState(Micros.Of(now), text[..^ClaimedState.Tail.Length]);
    }
}
