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
        using var begun = new CountdownEvent(Attempts);

        await Task.WhenAll(Enumerable.Range(0, Attempts).Select(_ => BlockAsync(begun)));

        Assert.True(begun.IsSet);
        Assert.True(_threads.Count >= Attempts, $"{_threads.Count} threads");
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

    private async Task BlockAsync(CountdownEvent begun)
    {
        await _threads.SwitchTo(new object());
        begun.Signal();
        begun.Wait(TestContext.Current.CancellationToken);
    }
}
