namespace Asdamir.Data.Storage.CrashTests;

/// <summary>What has become of all jobs, and what is left when they have ended.</summary>
internal sealed class Account(Site site)
{
    private IPlace Place => site.Place;

    public Task UntilDrainedAsync() => Until.TrueAsync(IsDrained, "all jobs have succeeded", Describe);

    public void CheckJobs()
    {
        var enqueued = site.Enqueued;
        using var storage = Place.Open();
        using var connection = storage.GetConnection();
        var notSucceeded = enqueued.Where(id => connection.GetStateData(id)?.Name != "Succeeded").ToList();
        Assert.True(
            notSucceeded.Count == 0,
            $"{notSucceeded.Count} of {enqueued.Count} enqueued jobs did not succeed: "
                + string.Join(", ", notSucceeded.Take(10).Select(id => $"{id} {connection.GetStateData(id)?.Name ?? "does not exist"}"))
                + $"\n{Describe()}");
        Assert.Distinct(enqueued);
        Assert.Empty(enqueued.Except(site.Ended.Select(static execution => execution.Id)));
        Assert.All(site.Begun.Select(static execution => execution.Id).Distinct(), id =>
            Assert.Equal("Succeeded", connection.GetStateData(id)?.Name));
        Assert.Equal(Place.Count("{s}job WHERE state = 'Succeeded'"), storage.GetMonitoringApi().GetStatistics().Succeeded);
    }

    public void CheckLeftovers(bool hasCommitConnections)
    {
        Assert.Equal(0, Place.Count("{s}lease"));
        Assert.Equal(0, Place.Count("{s}lock"));
        Assert.Equal(0, Place.Count("{s}queue"));
        Assert.Equal(0, Place.Count("{s}set_item WHERE key IN ('schedule', 'retries', 'awaiting')"));
        // The rows of closed commit connections are kept for an hour, for processes that still ask for the outcome of a commit.
        if (hasCommitConnections)
            Assert.Equal(0, Place.Count("{s}lane WHERE closed_at IS NULL"));
    }

    // Jobs without a state were created by a process that was killed before it gave them one: no caller knows their id.
    private bool IsDrained() => Place.Count("{s}job WHERE state <> 'Succeeded'") == 0 && Place.Count("{s}queue") == 0;

    private string Describe() =>
        $"{string.Join(", ", Place.States().Select(static state => $"{state.Value} {state.Key}"))}; queue: "
        + string.Join(
            ", ",
            Place.Query(
                "SELECT 'job ' || job_id || ' claimed by ' || coalesce(CAST(claimed_by AS text), 'none'), "
                    + "deliveries FROM {s}queue ORDER BY id LIMIT 10")
                .Select(static row => $"{row.Text} after {row.Number} deliveries"))
        + "\n"
        + string.Join(
            '\n',
            Place.Query(
                "SELECT 'job ' || job_id || ' ' || name || ' ' || coalesce(reason, '') || ' ' || data, created_at FROM {s}state WHERE "
                    + "job_id IN (SELECT id FROM {s}job WHERE state <> 'Succeeded' ORDER BY id LIMIT 3) ORDER BY job_id, id")
                .Select(static row => row.Text))
        + $"\n{site.Logs}";
}
