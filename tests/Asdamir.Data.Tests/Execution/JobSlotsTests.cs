using Asdamir.Data.HangfireJobs.Execution;

namespace Asdamir.Data.Tests.Execution;

public sealed class JobSlotsTests : IDisposable
{
    private readonly JobSlots _slots = new(3);

    public void Dispose() => _slots.Dispose();

    [Fact]
    public async Task Take_TakesAllThatAreFree()
    {
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(3, await _slots.TakeAsync(manyWait: false, cancellation));

        var waiting = _slots.TakeAsync(manyWait: false, cancellation);
        Assert.False(waiting.IsCompleted);
        _slots.Release(1);

        Assert.Equal(1, await waiting);
    }

    [Fact]
    public async Task Take_DoesNotWaitForMoreThanThereAre_WhileManyJobsWait()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _slots.TakeAsync(manyWait: true, cancellation);
        _slots.Release(1);

        Assert.Equal(1, await _slots.TakeAsync(manyWait: true, cancellation));
    }

    [Fact]
    public async Task End_Waits_WhereTwiceAsManyAreOnTheirWay()
    {
        for (var i = 0; i < 6; i++)
            Assert.True(_slots.BeginEndAsync().IsCompletedSuccessfully);

        var waiting = _slots.BeginEndAsync();
        Assert.False(waiting.IsCompleted);
        _slots.EndEnd();
        await waiting;
    }

    [Fact]
    public async Task AllFree_WaitsForSlotsAndEnds()
    {
        await _slots.TakeAsync(manyWait: false, TestContext.Current.CancellationToken);
        await _slots.BeginEndAsync();

        var free = _slots.AllFreeAsync();
        _slots.Release(3);
        Assert.False(free.IsCompleted);
        _slots.EndEnd();

        await free;
    }
}
