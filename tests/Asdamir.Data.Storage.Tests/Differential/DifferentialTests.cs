using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.InMemory;

namespace Asdamir.Data.Storage.Tests.Differential;

/// <summary>
/// Does the same random things to Hangfire.InMemory and to a storage of ours, and asks both the same. <see cref="Declared"/> says where
/// they may differ. More seeds run with <c>ASDAMIR_FUZZ=N</c>.
/// </summary>
[Slow]
public sealed class DifferentialTests
{
    private const int Steps = 250;
    private const int ReadsPerStep = 4;
    private const int StepsPerLook = 50;

    // What is claimed ahead of a worker goes back in its own time.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    public static TheoryData<int> Seeds => FuzzSeeds.Few(3);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Sqlite_AnswersAsHangfireInMemory(int seed)
    {
        var server = await ServerAsync();
        await CompareAsync(seed, new SqliteJobStorage($"Data Source={server.NewPlace().File}"));
    }

    /// <summary>In a database whose language has letters that others take for the same.</summary>
    [NeedsPostgreSql]
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task PostgreSql_AnswersAsHangfireInMemory(int seed)
    {
        var place = (await ServerAsync()).NewPlace("tr-TR");
        await CompareAsync(seed, new PostgreSqlJobStorage(place.PostgreSql, new PostgreSqlJobStorageOptions { Schema = place.Schema }));
    }

    private static async Task CompareAsync(int seed, JobStorage ours)
    {
        using var expected = new Side(
            new InMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = null, MaxStateHistoryLength = 1_000 }), Text.Kept);
        using var actual = new Side(ours, static text => text);
        var random = new Random(seed);
        var names = new Names(random, seed);
        var writes = new Writes(random, names);
        var reads = new Reads(random, names);
        List<Step> done = [];
        var number = 0;
        for (var change = 1; change <= Steps; change++)
        {
            await SameAsync(writes.Next(), settles: false);
            for (var i = 0; i < ReadsPerStep; i++)
                await SameAsync(reads.Next(), settles: true);
            if (change % StepsPerLook != 0)
                continue;
            foreach (var read in reads.All())
                await SameAsync(read, settles: true);
        }

        async Task SameAsync(Step step, bool settles)
        {
            number++;
            if (!settles)
                done.Add(step);
            var wanted = step.On(expected);
            var answer = step.On(actual);
            for (var waited = TimeSpan.Zero; settles && answer != wanted && waited < Settling; waited += TimeSpan.FromMilliseconds(50))
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
                answer = step.On(actual);
            }
            if (answer != wanted)
            {
                Assert.Fail(
                    $"Seed {seed}, step {number}: {step}\nHangfire.InMemory: {wanted}\n{ours}: "
                        + $"{answer}\nBefore it:\n{string.Join('\n', done.TakeLast(60))}");
            }
        }
    }

    private static async Task<StorageServer> ServerAsync() =>
        await TestContext.Current.GetFixture<StorageServer>() ?? throw new InvalidOperationException("xunit did not create the fixture.");
}
