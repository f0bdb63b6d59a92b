using Asdamir.Data.Storage.Tests.Storages;
using CsCheck;

namespace Asdamir.Data.Storage.Tests.Engine.Locks;

/// <summary>
/// A worker that executes a job, and writers that change it meanwhile, each under the lock that Hangfire takes, in random interleavings;
/// some keep their lock for too long. A failure names the seed that repeats it.
/// </summary>
public sealed class RowLockModelTests : IAsyncLifetime
{
    private const int Writers = 2;
    private static readonly TimeSpan LongerThanALock = TimeSpan.FromSeconds(11);

    private static readonly Gen<Action<ModelJob>> Steps = Gen.Frequency(
        (4, Gen.Int[0, Writers].Select(static actor => Act(job => job.Lock(actor)))),
        (4, Gen.Int[0, Writers].Select(static actor => Act(job => job.Change(actor)))),
        (3, Gen.Int[0, Writers].Select(static actor => Act(job => job.Unlock(actor)))),
        (1, Gen.Const(Act(static job => job.WorkerEnds()))),
        (1, Gen.Const(Act(static job => job.WorkerGivesBack()))),
        (1, Gen.Const(Act(static job => job.Pass(LongerThanALock)))));

    private Place _place = null!;

    public async ValueTask InitializeAsync()
    {
        var server = await TestContext.Current.GetFixture<StorageServer>()
            ?? throw new InvalidOperationException("xunit did not create the fixture.");
        _place = server.NewPlace();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void AChangeIsCommitted_OnlyWhenNoOtherOneCameSinceItsWriterReadTheJob() =>
        Steps.Array[1, 40].Sample(
            steps =>
            {
                using var job = new ModelJob(_place.File, Writers);
                foreach (var step in steps)
                    step(job);
            },
            writeLine: TestContext.Current.TestOutputHelper!.WriteLine, iter: 60, threads: 1);

    private static Action<ModelJob> Act(Action<ModelJob> act) => act;
}
