using Asdamir.Data.Storage.CrashTests.Faults;

namespace Asdamir.Data.Storage.CrashTests;

/// <summary>A process is killed when its commit has claimed a job, and before its server has it.</summary>
public sealed class ClaimWithCommitTests(FaultServer server, Files files) : IClassFixture<FaultServer>
{
    private const string Claimed = "{s}queue WHERE claimed_by IS NOT NULL";

    // A notification, or a change of the file that was seen late, may interrupt the wait of the server right before the commit: then there
    // is nothing to see, and it is tried again.
    private const int MostAttempts = 20;

    // No thread of the pool hands the job over, and the commit to a file needs none.
    [Fact]
    public async Task Job_IsExecutedOnceByAnotherProcess_WhenItsOwnDiesBeforeItStartsIt_OnSqlite()
    {
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            var place = files.NewSqlite();
            await using var site = new Site(place, Site.ShortLease);
            var stalled = await site.StartStalledServerAsync(isPoolBusy: true);
            if (place.Count(Claimed) == 0)
                continue;
            await stalled.KillAsync();
            await CheckAsync(site);
            return;
        }
        Assert.Fail("No commit has claimed the job.");
    }

    // The commit has happened, and its answer never arrives.
    [Fact]
    public async Task Job_IsExecutedOnceByAnotherProcess_WhenItsOwnDiesBeforeItStartsIt_OnPostgreSql()
    {
        using var proxy = new FaultProxy(server.ConnectionString);
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            proxy.Decide = static sql =>
                sql.Contains("SET commits = commits + 1", StringComparison.Ordinal)
                    && sql.Contains("SET claimed_by = $3", StringComparison.Ordinal)
                    ? Fault.HangAnswer
                    : Fault.None;
            var place = new PostgreSqlPlace(server, proxy.ConnectionString);
            await using var site = new Site(place, Site.ShortLease);
            var stalled = await site.StartStalledServerAsync(isPoolBusy: false);
            await Until.TrueAsync(() => place.Count(Claimed) == 1, "the job is claimed", () => site.Logs);
            await stalled.KillAsync();
            if (proxy.Faults == 0)
                continue;
            proxy.Decide = static _ => Fault.None;
            await CheckAsync(site);
            return;
        }
        Assert.Fail("No commit has claimed the job.");
    }

    private static async Task CheckAsync(Site site)
    {
        await site.StartWorkerAsync(threads: 2);

        await Until.TrueAsync(
            () => site.Place.Count("{s}job WHERE state = 'Succeeded'") == 1, "another process executes it", () => site.Logs);
        Assert.Single(site.Begun);
        Assert.Equal(0, site.Place.Count("{s}queue"));
    }
}
