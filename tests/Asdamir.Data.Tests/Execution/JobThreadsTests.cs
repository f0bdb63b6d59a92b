using Asdamir.Data.HangfireJobs.Execution;

namespace Asdamir.Data.Tests.Execution;

public sealed class JobThreadsTests
{
    private readonly JobThreads _threads = new();

    [Fact]
    public async Task SwitchTo_LeavesTheThreadPool()
    {
        await Task.Yield();

        await _threads.SwitchTo(this);

        Assert.False(Thread.CurrentThread.IsThreadPoolThread);
        Assert.Null(SynchronizationContext.Current);
        Assert.Same(TaskScheduler.Default, TaskScheduler.Current);
    }

    [Fact]
    public async Task SwitchTo_StaysOnTheThread_OnlyForTheSameAttempt()
    {
        await _threads.SwitchTo(this);
        var thread = Environment.CurrentManagedThreadId;

        Assert.True(_threads.SwitchTo(this).IsCompleted);
        Assert.False(_threads.SwitchTo(new object()).IsCompleted);
        await _threads.SwitchTo(this);

        Assert.Equal(thread, Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void Adopt_LetsAThreadWorkForAnAttempt_UntilItIsDisposed()
    {
        using (JobThreads.Adopt(this))
            Assert.True(_threads.SwitchTo(this).IsCompleted);

        Assert.False(_threads.SwitchTo(this).IsCompleted);
    }

    [Fact]
    public async Task Work_Begins_HoweverManyThreadsAreBlocked()
    {
        const int Attempts = 200;
        using var gate = new ManualResetEventSlim();
        var begun = 0;

        var blocked = Enumerable.Range(0, Attempts).Select(_ => BlockAsync()).ToList();
        await Until.EqualAsync(Attempts, () => Volatile.Read(ref begun), "the number of attempts that block a thread");
        // Those without work end in time.
        var threads = _threads.Count;
        gate.Set();
        await Task.WhenAll(blocked);

        Assert.True(threads >= Attempts, $"{threads} threads");

        async Task BlockAsync()
        {
            await _threads.SwitchTo(new object());
            Interlocked.Increment(ref begun);
            gate.Wait(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Work_NeedsFewThreads_WhereItWaitsWithoutOne()
    {
        const int Attempts = 5_000;
        var (begun, gate) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        var waiting = Enumerable.Range(0, Attempts).Select(_ => WaitAsync()).ToList();
        await Until.EqualAsync(Attempts, () => Volatile.Read(ref begun), "the number of attempts that wait");
        var threads = _threads.Count;
        gate.SetResult();
        await Task.WhenAll(waiting);

        // A busy machine may suspend some for a moment; on a slow one those without work may have ended.
        Assert.InRange(threads, 0, Attempts / 20);

        async Task WaitAsync()
        {
            await _threads.SwitchTo(new object());
            Interlocked.Increment(ref begun);
            await gate.Task;
        }
    }
}
