using System.Collections.Concurrent;

namespace Asdamir.Data.Tests;

/// <summary>How the jobs of a test and the test talk to each other: one for each host, from its container.</summary>
internal sealed class Probe
{
    private readonly ConcurrentQueue<string> _notes = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();

    public IReadOnlyList<string> Notes => [.. _notes];

    public void Note(string text) => _notes.Enqueue(text);

    public int Count(string text) => _notes.Count(note => note == text);

    /// <summary>Ends when the test opens the gate.</summary>
    public Task GateAsync(string name, CancellationToken cancellationToken) => Gate(name).Task.WaitAsync(cancellationToken);

    public void Open(string name) => Gate(name).TrySetResult();

    /// <summary>Opens the gate when the result is disposed, so that a test that fails leaves no job that waits without its token.</summary>
    public IDisposable OpenAtEnd(string name) => new Opening(this, name);

    public Task NotedAsync(string text, int times = 1) =>
        Until.TrueAsync(() => Count(text) >= times, $"'{text}' is noted {times} times", () => string.Join(", ", Notes));

    private sealed class Opening(Probe probe, string name) : IDisposable
    {
        public void Dispose() => probe.Open(name);
    }

    private TaskCompletionSource Gate(string name) =>
        _gates.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
