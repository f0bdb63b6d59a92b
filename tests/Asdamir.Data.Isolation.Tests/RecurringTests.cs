using Apps.Kit;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>Any server of the schema fires due recurring jobs; they remain their app's.</summary>
public abstract class RecurringTests(Func<Company> newCompany)
{
    private const string EverySecond = "* * * * * *";

    [Fact]
    public async Task S03_RecurringJob_RunsInItsAppWithItsOwnersCulture_WhenTheOtherAppsServerFiresIt()
    {
        await using var company = newCompany();
        var german = await company.StartAsync("Crm", "crm", new() { ["LC_ALL"] = "de_DE.UTF-8" }, []);
        await german.SendAsync(new Command("recurring", Order: new WorkOrder(company.Tag("fired")), Id: "tick", Cron: EverySecond));
        await german.StopAsync();
        await company.Stored.ClearQueuesAsync();
        await company.StartAsync("Hr", "hr", new() { ["LC_ALL"] = "fr_FR.UTF-8" }, []);
        await company.UntilAsync(async () => await company.Stored.QueueLengthAsync("crm") > 0, "hr fires crm's recurring job");
        var firedByHr = await company.Stored.JobsInQueueAsync("crm");

        await company.StartAsync("Crm", "crm", new() { ["LC_ALL"] = "en_US.UTF-8" }, []);

        await company.UntilAsync(
            async () => (await company.ExecutionsAsync("fired")).Any(execution => firedByHr.Contains(execution.JobId)),
            "crm executes what hr fired");
        var execution = (await company.ExecutionsAsync("fired")).First(execution => firedByHr.Contains(execution.JobId));
        Assert.Equal("Apps.Crm", execution.App);
        Assert.Equal("de-DE", execution.Culture);
        Assert.Empty((await company.Stored.QueuesInUseAsync()).Except(["crm"]));
    }

    [Fact]
    public async Task S04_ServerWithoutTheTimeZone_RaisesAnAlertAndTheOwnersNextStartHealsIt()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync();
        await crm.SendAsync(
            new Command("recurring", Order: new WorkOrder(company.Tag("zoned")), Id: "zoned", Cron: EverySecond, TimeZone: "Asia/Tokyo"));
        await crm.StopAsync();
        var hr = await company.StartAsync("Hr", "hr", new() { ["TZDIR"] = "/nonexistent" }, []);
        // The worst case: hr has given up and disabled crm's entry for all apps.
        await company.UntilAsync(async () => await company.Stored.IsDisabledAsync("crm:zoned"), "hr disables the entry");
        await hr.StopAsync();
        Assert.Contains("Asia/Tokyo", await company.Stored.RecurringErrorAsync("crm:zoned"), StringComparison.Ordinal);
        var executedBefore = (await company.ExecutionsAsync("zoned")).Count;

        var healer = await company.StartCrmAsync();

        await company.UntilAsync(async () => (await company.ExecutionsAsync("zoned")).Count > executedBefore, "it runs again");
        Assert.Contains("Recurring job crm:zoned was disabled by a server of this schema", healer.Log, StringComparison.Ordinal);
        Assert.True(string.IsNullOrEmpty(await company.Stored.RecurringErrorAsync("crm:zoned")));
    }

    [Fact]
    public async Task S11_TriggerFromTheConsole_CopiesThePayloadByteForByte()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync();
        var order = new WorkOrder(
            company.Tag("money"), Amount: 1234567890.10000m, At: new DateTimeOffset(2026, 3, 29, 2, 30, 0, TimeSpan.FromHours(2)));
        await crm.SendAsync(new Command("recurring", Order: order, Id: "money", Cron: "0 0 1 1 *"));
        var console = await company.StartConsoleAsync();

        var direct = await Company.EnqueueAsync(crm, order);
        var triggered = (await console.SendAsync(new Command("trigger", Id: "crm:money"))).GetString()!;
        await company.UntilStateAsync(direct, "Succeeded");
        await company.UntilStateAsync(triggered, "Succeeded");

        var executions = await company.ExecutionsAsync("money");
        Assert.Equal(2, executions.Count);
        Assert.Contains("1234567890.10000", executions[0].Arguments, StringComparison.Ordinal);
        Assert.Contains("2026-03-29T02:30:00+02:00", executions[0].Arguments, StringComparison.Ordinal);
        Assert.Equal(executions[0].Arguments, executions[1].Arguments);
    }

    [Fact]
    public async Task S26_App_LeavesTheSchedulesOfTheOtherAppAlone_WhenItRemovesItsStaleOnes()
    {
        await using var company = newCompany();
        var crm = await company.StartCrmAsync();
        await company.StartHrAsync();
        await crm.SendAsync(new Command("recurring", Order: new WorkOrder(company.Tag("called")), Id: "added-by-call", Cron: "0 0 1 1 *"));
        await crm.StopAsync();
        // An earlier build of crm has declared one more.
        await company.Stored.CopyRecurringAsync("crm:daily-cleanup", "crm:dropped");

        await company.StartCrmAsync();

        Assert.Equal(["crm:added-by-call", "crm:daily-cleanup", "hr:daily-cleanup"], await company.Stored.RecurringIdsAsync());
    }
}

public sealed class RecurringTestsOnPostgreSql(CompanyServer server) : RecurringTests(server.OnPostgreSql);

public sealed class RecurringTestsOnSqlite(CompanyServer server) : RecurringTests(server.OnSqlite);
