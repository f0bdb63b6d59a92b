using System.Text.Json;
using Apps.Storage;
using Hangfire;
using Hangfire.States;

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>Limits of jobs whose process dies: nothing has to be released, and none is exceeded.</summary>
public sealed class LimitedProcessTests(RecoveryServer server, Files files) : IClassFixture<RecoveryServer>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Jobs_OfALimitOfAKilledProcess_BeginOneAfterTheOtherElsewhere(bool onSqlite)
    {
        await using var site = new Site(onSqlite ? files.NewSqlite() : new PostgreSqlPlace(server));
        using (var storage = site.Place.Open())
            storage.DeclareLimits("default", [new JobLimitRule("one", 1)]);
        var victim = await site.StartWorkerAsync(threads: 3);
        Enqueue(site, "one", "one", "one");
        await Until.TrueAsync(() => site.Begun.Count == 1, "one runs");
        var survivor = await site.StartWorkerAsync(threads: 3);
        await Until.TrueAsync(() => site.Place.Count("{s}lease") == 2, "both processes have a lease");
        Enqueue(site, (string?)null);
        await Until.TrueAsync(() => site.Begun.Count == 2, "the survivor has looked for work, or the victim", () => site.Logs);
        await victim.KillAsync();
        await Until.TrueAsync(
            () => site.Begun.Exists(execution => execution.Ledger == survivor.Ledger && execution.Id != Unlimited(site)),
            "the survivor begins one of them", () => site.Logs);

        survivor.Release();
        await Until.TrueAsync(
            () => site.Place.Count("{s}job WHERE state = 'Succeeded'") == 4, "all have succeeded",
            () => $"{string.Join(", ", site.Place.States())}\n{site.Logs}");

        var limited = site.Begun.Where(execution => execution.Ledger == survivor.Ledger && execution.Id != Unlimited(site)).ToList();
        var ended = site.Ended.ToDictionary(static execution => execution.Id, static execution => execution.At);
        Assert.Equal(3, limited.Count);
        Assert.All(
            limited.OrderBy(static execution => execution.At).Skip(1).Zip(limited.OrderBy(static execution => execution.At)),
            pair => Assert.True(pair.First.At >= ended[pair.Second.Id], $"{pair.First.Id} began before {pair.Second.Id} had ended"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Jobs_OfAKilledProcess_CountForTheRate_WhenTheyAreReturned(bool onSqlite)
    {
        await using var site = new Site(onSqlite ? files.NewSqlite() : new PostgreSqlPlace(server));
        using var storage = site.Place.Open();
        storage.DeclareLimits("default", [new JobLimitRule("one", 9, new JobRate(2, TimeSpan.FromHours(1)))]);
        var victim = await site.StartWorkerAsync(threads: 3);
        Enqueue(site, "one", "one", "one");
        await Until.TrueAsync(() => site.Begun.Count == 2, "two run", () => site.Logs);
        var survivor = await site.StartWorkerAsync(threads: 4);
        await Until.TrueAsync(() => site.Place.Count("{s}lease") == 2, "both processes have a lease", () => site.Logs);

        await victim.KillAsync();
        await Until.TrueAsync(
            () => site.Place.Count("{s}queue WHERE claimed_by IS NOT NULL") == 0, "its jobs are returned", () => site.Logs);
        Enqueue(site, (string?)null);
        await Until.TrueAsync(() => site.Begun.Exists(one => one.Ledger == survivor.Ledger), "the survivor works", () => site.Logs);

        Assert.Equal(Unlimited(site), Assert.Single(site.Begun, one => one.Ledger == survivor.Ledger).Id);
        Assert.True(storage.ChangeLimit("default", "one", null, "test", null, new JobRate(5, TimeSpan.FromHours(1))));
        await Until.TrueAsync(
            () => site.Begun.Count(one => one.Ledger == survivor.Ledger) == 4, "those of the greater rate begin", () => site.Logs);
        survivor.Release();
    }

    private static string Unlimited(Site site) => site.Place.Query("SELECT '', id FROM {s}job WHERE limits IS NULL")[0].Number.ToString(
        System.Globalization.CultureInfo.InvariantCulture);

    private static void Enqueue(Site site, params string?[] limits)
    {
        using var storage = site.Place.Open();
        using var connection = storage.GetConnection();
        foreach (var limit in limits)
        {
            Dictionary<string, string> parameters = limit is null
                ? []
                : new() { [JobLimits.Parameter] = JsonSerializer.Serialize(JobLimits.Of([new JobLimit(limit, null)])) };
            var id = connection.CreateExpiredJob(
                Hangfire.Common.Job.FromExpression(() => Work.Run(Work.UntilReleased, 0, null!)), parameters, DateTime.UtcNow,
                TimeSpan.FromDays(1));
            using var transaction = connection.CreateWriteTransaction();
            transaction.SetJobState(id, new EnqueuedState());
            transaction.AddToQueue("default", id);
            transaction.Commit();
        }
    }
}
