using System.Collections.Concurrent;
using System.Globalization;

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>Processes that share one place, and what their ledgers say.</summary>
internal sealed class Site(IPlace place, int leaseSeconds = Site.LongLease) : IAsyncDisposable
{
    /// <summary>The shortest one: a process that gets no processor for some seconds loses it, which must not matter to the test.</summary>
    public const int ShortLease = 5;

    /// <summary>A process that gets no processor for some seconds keeps it.</summary>
    public const int LongLease = 15;

    private readonly TemporaryFolder _ledgers = new();
    private readonly ConcurrentQueue<StorageProcess> _processes = new();
    private int _started;

    public IPlace Place => place;

    /// <summary>What enqueue calls returned.</summary>
    public List<string> Enqueued =>
        [.. Lines("enqueue").Where(static line => line.Words[0] == "enqueued").Select(static line => line.Words[1])];

    /// <summary>What the calls of one process returned.</summary>
    public int EnqueuedBy(StorageProcess process) =>
        Lines("enqueue").Count(line => line.Ledger == process.Ledger && line.Words[0] == "enqueued");

    /// <summary>Enqueue calls that failed, by what they were told.</summary>
    public Dictionary<string, int> Refused =>
        Lines("enqueue").Where(static line => line.Words[0] != "enqueued").CountBy(static line => string.Join(' ', line.Words))
            .ToDictionary();

    public List<Execution> Begun => Executions("begun");

    public List<Execution> Ended => Executions("ended");

    public string Logs => string.Join('\n', _processes.Select(static process => process.Log));

    public Task<StorageProcess> StartWorkerAsync(int threads = 8, params string[] more) =>
        StartAsync("work", [$"threads={threads}", .. more]);

    /// <summary>
    /// A process with a server that waits for jobs and starts none; it has enqueued and claimed a job, and then enqueues another one.
    /// </summary>
    /// <param name="isPoolBusy">Whether it has enqueued that when it is ready, while no thread of its pool was free.</param>
    public Task<StorageProcess> StartStalledServerAsync(bool isPoolBusy) => StartAsync("stall", [$"busy={(isPoolBusy ? 1 : 0)}"]);

    public Task<StorageProcess> StartEnqueuerAsync(int threads = 4, int pause = 20) =>
        StartAsync("enqueue", [$"threads={threads}", $"pause={pause}"]);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
        _ledgers.Dispose();
    }

    private async Task<StorageProcess> StartAsync(string mode, IEnumerable<string> arguments)
    {
        var process = await StorageProcess.StartAsync(
            _ledgers.PathOf($"{mode}-{Interlocked.Increment(ref _started)}"),
            [$"mode={mode}", $"lease={leaseSeconds}", .. place.Arguments, .. arguments]);
        _processes.Enqueue(process);
        return process;
    }

    private List<Execution> Executions(string word) =>
        [.. Lines("work").Where(line => line.Words[0] == word)
            .Select(static line =>
                new Execution(
                    line.Words[1], int.Parse(line.Words[2], CultureInfo.InvariantCulture),
                    new DateTime(long.Parse(line.Words[3], CultureInfo.InvariantCulture), DateTimeKind.Utc), line.Ledger))
            .OrderBy(static execution => execution.At)];

    // The last line of a killed process may be cut off.
    private IEnumerable<(string Ledger, string[] Words)> Lines(string mode)
    {
        foreach (var file in _ledgers.Info.GetFiles($"{mode}-*"))
        {
            using var text = new StreamReader(new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            foreach (var line in text.ReadToEnd().Split('\n')[..^1])
                yield return (file.FullName, line.Split(' '));
        }
    }
}

/// <summary>An attempt at a job, and the ledger of the process that noted it.</summary>
internal sealed record Execution(string Id, int Attempt, DateTime At, string Ledger);
