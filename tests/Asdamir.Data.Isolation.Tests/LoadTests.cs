using System.Diagnostics;
using Apps.Kit;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>One app's surge does not starve another.</summary>
public abstract class LoadTests(Func<Company> newCompany, ITestOutputHelper output)
{
    [Fact]
    public async Task S28_While_one_app_has_100_000_runs_waiting_the_other_apps_runs_are_picked_up_as_before()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync("--HangfireJobs:WorkerCount=2");
        var hr = await company.StartHrAsync("--HangfireJobs:WorkerCount=2");
        await PickUpAsync(company, hr, "warm-up", 5);
        var quiet = await PickUpAsync(company, hr, "quiet", 20);

        for (var thousands = 0; thousands < 100; thousands += 10)
            await crm.SendAsync(new Command("enqueue-many", Order: new WorkOrder(company.Tag("surge")), Count: 10_000));
        var busy = await PickUpAsync(company, hr, "busy", 20);
        var waiting = await company.Stored.QueueLengthAsync("crm");

        output.WriteLine($"pick-up p50 quiet {quiet.TotalMilliseconds:F0} ms, with {waiting:N0} runs of the other app waiting {busy.TotalMilliseconds:F0} ms");
        Assert.InRange(waiting, 90_000, 100_000);
        // Starved, it would wait behind minutes of the other app's work; the two processes only share two cores.
        Assert.InRange(busy, TimeSpan.Zero, quiet * 3 + TimeSpan.FromSeconds(1));
    }

    /// <returns>The median time from the enqueue call to the start of the job.</returns>
    private static async Task<TimeSpan> PickUpAsync(Company company, AppProcess app, string tag, int count)
    {
        List<TimeSpan> times = [];
        for (var i = 1; i <= count; i++)
        {
            var clock = Stopwatch.StartNew();
            await Company.EnqueueAsync(app, new WorkOrder(company.Tag(tag)));
            await company.UntilAsync(async () => (await company.ExecutionsAsync(tag)).Count == i, $"execution {i}");
            times.Add(clock.Elapsed);
        }
        return times.Order().ElementAt(count / 2);
    }
}

public sealed class LoadTestsOnPostgreSql(CompanyServer server, ITestOutputHelper output) : LoadTests(server.OnPostgreSql, output);

public sealed class LoadTestsOnSqlite(CompanyServer server, ITestOutputHelper output) : LoadTests(server.OnSqlite, output);
