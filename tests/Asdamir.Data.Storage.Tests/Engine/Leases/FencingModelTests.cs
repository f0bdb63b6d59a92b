using Asdamir.Data.Storage.Tests.Storages;
using CsCheck;

namespace Asdamir.Data.Storage.Tests.Engine.Leases;

/// <summary>
/// Processes that claim and end jobs of one file, of which some die, and some lose their lock although they live, in random interleavings
/// and in a time that the test advances. A failure names the seed that repeats it.
/// </summary>
public sealed class FencingModelTests : IAsyncLifetime
{
    private const int Processes = 3;
    private const int Jobs = 5;

    private static readonly Gen<Action<ModelSchema>> Steps = Gen.Frequency(
        (4, Gen.Select(Gen.Int[0, Processes - 1], Gen.Int[1, 3], static (process, count) => Act(schema => schema.Claim(process, count)))),
        (4, Gen.Select(Gen.Int[0, Processes - 1], Gen.Int[0, Jobs], static (process, claim) => Act(schema => schema.End(process, claim)))),
        (6, Gen.Int[0, Processes - 1].Select(static process => Act(schema => schema.Round(process)))),
        (4, Gen.Int[1, 4_000].Select(static milliseconds => Act(schema => schema.Pass(TimeSpan.FromMilliseconds(milliseconds))))),
        (1, Gen.Int[0, Processes - 1].Select(static process => Act(schema => schema.Die(process)))),
        (1, Gen.Int[0, Processes - 1].Select(static process => Act(schema => schema.LoseLock(process)))));

    private Place _place = null!;

    public async ValueTask InitializeAsync()
    {
        var server = await TestContext.Current.GetFixture<StorageServer>()
            ?? throw new InvalidOperationException("xunit did not create the fixture.");
        _place = server.NewPlace();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void AJobEndsOnce_InTheProcessThatHasItsClaim_WhoeverDies() =>
        Steps.Array[1, 60].Sample(
            steps =>
            {
                using var schema = new ModelSchema(_place.File, Processes, Jobs);
                foreach (var step in steps)
                    step(schema);
                schema.EndAll();
            },
            writeLine: TestContext.Current.TestOutputHelper!.WriteLine, iter: 60, threads: 1);

    private static Action<ModelSchema> Act(Action<ModelSchema> act) => act;
}
