using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Storages;

/// <summary>A state that a worker sets; Hangfire's own cannot be created outside Hangfire.</summary>
internal sealed class WorkerState : IState
{
    public static WorkerState Processing { get; } = new() { Name = ProcessingState.StateName };

    public static WorkerState Succeeded { get; } = new() { Name = SucceededState.StateName, IsFinal = true };

    /// <summary>The state that the server of a claim sets.</summary>
    public static WorkerState ProcessingOf(IClaimedJob job) => new()
    {
        Name = ProcessingState.StateName,
        Data = new() { ["StartedAt"] = "0", ["ServerId"] = job.ServerId, ["WorkerId"] = job.WorkerId },
    };

    public required string Name { get; init; }

    public string? Reason => null;

    public bool IsFinal { get; init; }

    public bool IgnoreJobLoadException => false;

    public Dictionary<string, string> Data { get; init; } = [];

    public Dictionary<string, string> SerializeData() => Data;
}
