using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Storages;

/// <summary>A state that a worker sets; Hangfire's own cannot be created outside Hangfire.</summary>
internal sealed class WorkerState : IState
{
    public static WorkerState Processing { get; } = new() { Name = ProcessingState.StateName };

    public static WorkerState Succeeded { get; } = new() { Name = SucceededState.StateName, IsFinal = true };

    public required string Name { get; init; }

    public string? Reason => null;

    public bool IsFinal { get; init; }

    public bool IgnoreJobLoadException => false;

    public Dictionary<string, string> SerializeData() => [];
}
