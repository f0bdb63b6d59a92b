using System.Collections.Concurrent;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

/// <summary>Jobs that job until their test opens a gate.</summary>
public sealed class GatedWork
{
    private static readonly ConcurrentDictionary<string, GatedWork> All = new();

    private readonly TaskCompletionSource _gate = new();
    private int _runs;

    public GatedWork() => All[Tag] = this;

    public string Tag { get; } = $"{Guid.NewGuid():N}";

    public int Runs => Volatile.Read(ref _runs);

    public bool WasCancelled { get; private set; }

    public void Open() => _gate.TrySetResult();

    public static void Wait(string tag, CancellationToken cancellationToken)
    {
        var work = All[tag];
        Interlocked.Increment(ref work._runs);
        try
        {
            work._gate.Task.Wait(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            work.WasCancelled = true;
            throw;
        }
    }
}
