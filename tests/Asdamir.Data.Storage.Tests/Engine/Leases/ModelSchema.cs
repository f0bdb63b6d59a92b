using Asdamir.Data.Storage.Conformance;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

/// <summary>A file, its processes, and what is known of its jobs without reading them.</summary>
internal sealed class ModelSchema : IDisposable
{
    private const int RoundsUntilAllEnd = 200;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly string _file;
    private readonly string _queue = $"{Guid.NewGuid():N}";
    private readonly ModelProcess[] _processes;
    private readonly Dictionary<long, ModelProcess.Held> _holders = [];
    private readonly HashSet<long> _ended = [];
    private readonly int _jobs;

    public ModelSchema(string file, int processes, int jobs)
    {
        _file = file;
        _jobs = jobs;
        using (var storage = new SqliteJobStorage($"Data Source={file}", new SqliteJobStorageOptions { Durable = false }))
        {
            var client = new BackgroundJobClient(storage);
            for (var i = 0; i < jobs; i++)
                client.Create(SampleJobs.Text("x"), new EnqueuedState(_queue));
        }
        _processes = [.. Enumerable.Range(0, processes).Select(_ => NewProcess())];
    }

    public void Pass(TimeSpan duration) => _time.Advance(duration);

    public void Round(int process) => _processes[process].Round();

    public void LoseLock(int process) => _processes[process].LoseLock();

    /// <summary>Another process takes its place.</summary>
    public void Die(int process)
    {
        _processes[process].Die();
        _processes[process] = NewProcess();
    }

    public void Claim(int process, int count)
    {
        foreach (var held in _processes[process].Claim(_queue, count))
        {
            var job = held.Claim.JobId;
            Assert.DoesNotContain(job, _ended);
            Assert.False(_holders.TryGetValue(job, out var holder) && Exists(holder.Claim.LeaseId), "A job was given to two processes.");
            _holders[job] = held;
        }
    }

    public void End(int process, int index)
    {
        var claims = _processes[process].Claims;
        if (claims.Count == 0)
            return;
        var held = claims[index % claims.Count];
        var mayEnd = _holders[held.Claim.JobId] == held && Exists(held.Claim.LeaseId);

        Assert.Equal(mayEnd, held.TryEnd());

        if (mayEnd)
            Assert.True(_ended.Add(held.Claim.JobId), "A job has ended twice.");
    }

    /// <summary>All processes continue, until all jobs have ended.</summary>
    public void EndAll()
    {
        for (var round = 0; _ended.Count < _jobs; round++)
        {
            Assert.True(round < RoundsUntilAllEnd, $"{_jobs - _ended.Count} job(s) are lost.");
            Pass(TimeSpan.FromSeconds(1));
            for (var process = 0; process < _processes.Length; process++)
            {
                Round(process);
                Claim(process, _jobs);
                while (_processes[process].Claims.Count > 0)
                    End(process, 0);
            }
        }
    }

    public void Dispose()
    {
        foreach (var process in _processes)
            process.Dispose();
    }

    private ModelProcess NewProcess() => new(_file, _time);

    private bool Exists(long lease) => _processes[0].Leases().Contains(lease);
}
