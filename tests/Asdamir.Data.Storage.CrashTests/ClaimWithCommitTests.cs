namespace Asdamir.Data.Storage.CrashTests;

/// <summary>
/// A process is killed when its commit has claimed a job, and before its server has it. On SQLite, where no commit needs a thread of the
/// pool: all are occupied.
/// </summary>
public sealed class ClaimWithCommitTests(Files files)
{
    [Fact]
    public async Task Job_IsExecutedOnceByAnotherProcess_WhenItsOwnDiesBeforeItStartsIt()
    {
        // A change of the file that was seen late may have interrupted the wait of the server right before the commit: then it is tried
        // again.
        for (var attempt = 1; attempt <= 20; attempt++)
        {
            var place = files.NewSqlite();
            await using var site = new Site(place, Site.ShortLease);
            var stalled = await site.StartStalledServerAsync();
            if (place.Count("{s}queue WHERE claimed_by IS NOT NULL") == 0)
                continue;
            await stalled.KillAsync();
            await site.StartWorkerAsync(threads: 2);

            await Until.TrueAsync(
                () => place.Count("{s}job WHERE state = 'Succeeded'") == 1, "another process executes it", () => site.Logs);
            Assert.Single(site.Begun);
            Assert.Equal(0, place.Count("{s}queue"));
            return;
        }
        Assert.Fail("No commit has claimed the job.");
    }
}
