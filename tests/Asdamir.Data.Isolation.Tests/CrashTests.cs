using System.Diagnostics;
using Apps.Kit;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>A killed process loses nothing, and a job that kills its process is stopped.</summary>
public sealed class CrashTests(PostgresServer server, ITestOutputHelper output)
{
    [Fact]
    public async Task S19_A_run_whose_process_was_killed_is_executed_by_another_worker_within_a_minute()
    {
        await using var company = new Company(server);
        var victim = await company.StartCrmAsync();
        var runId = await Company.EnqueueAsync(victim, new WorkOrder(company.Tag("killed"), Seconds: 5));
        await company.UntilAsync(async () => (await company.ExecutionsAsync("killed")).Count == 1, "it runs");
        await victim.KillAsync();
        var clock = Stopwatch.StartNew();
        await company.StartCrmAsync();
        await company.UntilAsync(async () => (await company.ExecutionsAsync("killed")).Count == 2, "another worker takes it");
        output.WriteLine($"taken up again {clock.Elapsed.TotalSeconds:F1} s after kill -9");

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        await company.UntilStateAsync(runId, "Succeeded");
        Assert.Null(await company.ParameterAsync(runId, "RetryCount"));
        Assert.Equal("1", await company.ParameterAsync(runId, "LostDeliveries"));
    }

    [Fact]
    public async Task S19_A_job_that_kills_its_process_fails_when_its_deliveries_are_used_up()
    {
        await using var company = new Company(server);
        var first = await company.StartCrmAsync("--HangfireJobs:MaxDeliveries=2");
        var runId = await Company.EnqueueAsync(first, new WorkOrder(company.Tag("poison"), KillProcess: true));
        await first.WaitForExitAsync(TimeSpan.FromSeconds(30));
        var second = await company.StartCrmAsync("--HangfireJobs:MaxDeliveries=2");
        await second.WaitForExitAsync(TimeSpan.FromSeconds(60));
        var third = await company.StartCrmAsync("--HangfireJobs:MaxDeliveries=2");

        await company.UntilStateAsync(runId, "Failed");

        Assert.Equal(2, (await company.ExecutionsAsync("poison")).Count);
        Assert.False(third.HasExited);
        Assert.Equal("Delivered 2 times without an end", await company.ReasonAsync(runId));
    }

    [Fact]
    public async Task A_failure_whose_text_the_database_refuses_is_retried_like_any_other()
    {
        await using var company = new Company(server);
        var crm = await company.StartCrmAsync("--HangfireJobs:Retry:Attempts=1");
        var runId = await Company.EnqueueAsync(crm, new WorkOrder(company.Tag("hostile"), FailAttempts: 2, FailureText: "nul \0 and half \ud800 a pair"));

        await company.UntilStateAsync(runId, "Failed");

        Assert.Equal([1, 2], (await company.ExecutionsAsync("hostile")).Select(execution => execution.Attempt));
        Assert.Contains("nul \ufffd and half \ufffd a pair", await company.ScalarAsync<string>($"select data->>'ExceptionMessage' from {company.Schema}.state where jobid = {runId} and name = 'Failed' order by id desc limit 1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_an_enqueue_call_returned_is_executed_although_its_process_was_killed_at_once()
    {
        await using var company = new Company(server);
        var crm = await company.StartCrmAsync("--HangfireJobs:WorkerCount=8");
        List<string> returned = [];
        var killed = Task.CompletedTask;
        try
        {
            while (true)
            {
                returned.Add(await Company.EnqueueAsync(crm, new WorkOrder(company.Tag("returned"))));
                if (returned.Count == 10)
                    killed = KillSoonAsync(crm);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            await killed;
        }
        Assert.True(returned.Count >= 10);
        await company.StartCrmAsync("--HangfireJobs:WorkerCount=8");

        foreach (var runId in returned)
            await company.UntilStateAsync(runId, "Succeeded");
        Assert.Empty(returned.Except((await company.ExecutionsAsync("returned")).Where(execution => execution.Outcome == "done").Select(execution => execution.RunId)));
    }

    [Fact]
    public async Task Of_a_bulk_enqueue_killed_half_way_all_runs_exist_or_none()
    {
        await using var company = new Company(server);
        var crm = await company.StartCrmAsync("--HangfireJobs:WorkerCount=1");
        var bulk = crm.SendAsync(new Command("enqueue-many", Order: new WorkOrder(company.Tag("bulk")), Count: 400));
        await company.UntilAsync(async () => await company.CountAsync("{schema}.job where arguments::text like '%bulk%'") > 50, "some runs are written");
        await crm.KillAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => bulk);

        Assert.Contains(await company.CountAsync("{schema}.jobqueue q join {schema}.job j on j.id = q.jobid where j.arguments::text like '%bulk%'"), new long[] { 0, 400 });
    }

    private static async Task KillSoonAsync(AppProcess app)
    {
        await Task.Delay(Random.Shared.Next(50, 500));
        await app.KillAsync();
    }
}
