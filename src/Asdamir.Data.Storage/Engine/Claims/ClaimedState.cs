using Asdamir.Data.Storage.Sql;
using Hangfire.Common;

namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>The state Processing as a claim writes it. Its text ends, for each job, with the id of the claim.</summary>
internal sealed class ClaimedState
{
    /// <summary>What follows the id of the claim in the text of the state.</summary>
    public const string Tail = "\"}";

    public ClaimedState(string serverId)
    {
        var now = DateTime.UtcNow;
        At = Micros.Of(now);
        var text = Json.Write(
            [
                new("StartedAt", JobHelper.SerializeDateTime(now)),
                new("ServerId", serverId),
                new("WorkerId", ""),
            ]);
        Head = text[..^Tail.Length];
    }

    public long At { get; }

    /// <summary>What precedes the id of the claim in the text of the state.</summary>
    public string Head { get; }
}
