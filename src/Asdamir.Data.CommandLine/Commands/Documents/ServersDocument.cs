using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands.Documents;

internal sealed record ServersDocument(IReadOnlyList<ServerDocument> Servers);

internal sealed record ServerDocument(
    string Id, IReadOnlyList<string> Queues, ServerState State, int Workers, DateTimeOffset StartedAt, DateTimeOffset? HeartbeatAt,
    DateTimeOffset? EndedAt, long RescuedJobs)
{
    public static ServerDocument Of(ServerSummary server) => new(
        server.Id, server.Queues, server.State, server.Workers, server.StartedAt, server.HeartbeatAt, server.EndedAt, server.RescuedJobs);
}
