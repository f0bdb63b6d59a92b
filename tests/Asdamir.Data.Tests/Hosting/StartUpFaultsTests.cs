using System.Text;
using Asdamir.Data.HangfireJobs;
using Hangfire;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.Tests.Hosting;

public sealed class StartUpFaultsTests
{
    private const string Secret = "Host=db;Database=company;Username=jobs;Password=hunter2";

    [Theory]
    [InlineData("Access:RequestsPerMinute", "0", "from 1 to 100000")]
    [InlineData("Access:ActionsPerMinute", "100001", "from 1 to 100000")]
    [InlineData("Health:DegradedFailures", "-1", "below zero")]
    [InlineData("Health:UnhealthyFailures", "9", "is less than Health:DegradedFailures (10)")]
    [InlineData("Health:UnhealthyWait", "00:04:00", "is shorter than Health:DegradedWait (00:05:00)")]
    [InlineData("Health:DegradedWait", "-00:00:01", "is not a duration")]
    [InlineData("Health:DegradedLateness", "soon", "is not a duration")]
    [InlineData("Health:UnhealthySilence", "25.00:00:00", "is not a duration")]
    public async Task Start_ReportsAnImpossibleSettingOfAccessOrHealth(string key, string value, string fault)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync(new() { [$"HangfireJobs:{key}"] = value }, _ => { }));

        AssertFault(error.Message.Split(Environment.NewLine), $"HangfireJobs:{key} = '", fault);
    }

    [Theory]
    [InlineData("Access:OperatorPolicie", "OperatorPolicy")]
    [InlineData("Storage:ConectionString", "ConnectionString")]
    [InlineData("Storage:connectionstrin", "ConnectionString")]
    [InlineData("Storage:DbPassword", null)]
    [InlineData("ConnectionString", null)]
    [InlineData("Storrage:ConnectionString", "Storage")]
    public async Task Start_NamesAnUnknownKeyWithoutItsValue_AndTheOneThatWasMeant(string key, string? meant)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync(new() { [$"HangfireJobs:{key}"] = Secret }, static _ => { }));

        Assert.Contains(
            $"HangfireJobs:{(key.StartsWith("Storrage", StringComparison.Ordinal) ? "Storrage" : key)} is not a known setting.",
            error.Message, StringComparison.Ordinal);
        Assert.Equal(meant is not null, error.Message.Contains($"Did you mean '{meant}'?", StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Storage")]
    [InlineData("Storage:Provider")]
    [InlineData("Storage:Schema")]
    [InlineData("Storage:WhenUnavailable")]
    [InlineData("WorkerCount")]
    [InlineData("Access:ReadOnly")]
    [InlineData("AppQueue")]
    [InlineData("RecurringJobIdPrefix")]
    public async Task Start_ShowsNoSecret_ThatStandsUnderTheWrongKey(string key)
    {
        var settings = new Dictionary<string, string?> { [$"HangfireJobs:{key}"] = Secret };
        if (key == "Storage:Schema")
            (settings["HangfireJobs:Storage:Provider"], settings["HangfireJobs:Storage:ConnectionString"]) = ("PostgreSql", "Host=db");

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(settings, static _ => { }));

        Assert.Contains($"HangfireJobs:{key}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Start_ReportsEveryFaultWithKeyValueAndFix_InOneMessage()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(
            new()
            {
                ["HangfireJobs:AppQueue"] = "CRM",
                ["HangfireJobs:RecurringJobIdPrefix"] = "a:b",
                ["HangfireJobs:WorkerCount"] = "abc",
                ["HangfireJobs:AppQue"] = "crm",
                ["HangfireJobs:Retry:Backoff"] = "Quadratic",
                ["HangfireJobs:Storage:Provider"] = "Oracle",
            },
            jobs => jobs.AddJob<NeverJob>().AddJob<MailQueueJob>()));

        var faults = error.Message.Split(Environment.NewLine);
        Assert.Equal("The background jobs are misconfigured (8 faults):", faults[0]);
        Assert.Equal(9, faults.Length);
        AssertFault(faults, "HangfireJobs:AppQueue = 'CRM'", "use for example 'crm'");
        AssertFault(faults, "HangfireJobs:RecurringJobIdPrefix = 'a:b'", "for example 'crm'");
        AssertFault(faults, "HangfireJobs:WorkerCount = 'abc'", "is not a number");
        AssertFault(
            faults, "HangfireJobs:AppQue is not a known setting. Did you mean 'AppQueue'?", "known here: AppQueue, RecurringJobIdPrefix");
        AssertFault(faults, "HangfireJobs:Retry:Backoff = 'Quadratic'", "one of Fixed, Linear, Exponential");
        AssertFault(faults, "HangfireJobs:Storage:Provider = 'Oracle'", "use Sqlite, PostgreSql or InMemory");
        AssertFault(faults, typeof(NeverJob).FullName!, "cron '0 0 31 2 *' never fires", hasFix: false);
        AssertFault(faults, typeof(MailQueueJob).FullName!, "remove the attribute");
    }

    [Theory]
    [InlineData("WorkerCount", "0")]
    [InlineData("WorkerCount", "10001")]
    [InlineData("MaxArgumentsBytes", "0")]
    [InlineData("MaxDeliveries", "0")]
    [InlineData("Retry:Attempts", "-1")]
    [InlineData("Retry:Jitter", "1.1")]
    [InlineData("Retry:Jitter", "NaN")]
    [InlineData("Retry:BaseDelay", "00:20:00")]
    [InlineData("Retry:Backoff", "7")]
    [InlineData("DefaultTimeout", "-00:00:01")]
    [InlineData("DefaultTimeout", "25.00:00:00")]
    [InlineData("DefaultTimeout", "soon")]
    [InlineData("Retention:Failed", "00:00:00")]
    [InlineData("RunServer", "perhaps")]
    [InlineData("Storage:WhenUnavailable", "Ignore")]
    [InlineData("Storage:CreateSchema", "perhaps")]
    [InlineData("Storage:Migrate", "perhaps")]
    [InlineData("Storage:PrepareStatements", "perhaps")]
    [InlineData("Storage:MaxConnections", "many")]
    public async Task Start_NamesTheKey_WhenAValueIsOutOfRange(string key, string value)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync(new() { [$"HangfireJobs:{key}"] = value }, _ => { }));

        Assert.Contains("(1 fault):", error.Message, StringComparison.Ordinal);
        Assert.Contains($"HangfireJobs:{(key == "Retry:BaseDelay" ? "Retry:MaxDelay" : key)} = '", error.Message, StringComparison.Ordinal);
        Assert.Contains("Fix: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "hangfire", "ConnectionString is empty")]
    [InlineData("Database=x", "hangfire", "ConnectionString names no Host")]
    [InlineData(
        "Host=a,b;Target Session Attributes=any", "hangfire",
        "ConnectionString has Target Session Attributes, which allows standbys, which accept no writes")]
    [InlineData("Host=db;Pasword=s3cret", "hangfire", "ConnectionString is not a valid")]
    [InlineData("Host=db", "Hang fire", "Schema = 'Hang fire'")]
    public async Task Start_NamesTheKeyButNoSecret_WhenThePostgreSqlSettingsAreWrong(string connectionString, string schema, string part)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(
            new()
            {
                ["HangfireJobs:Storage:Provider"] = "postgresql",
                ["HangfireJobs:Storage:ConnectionString"] = connectionString,
                ["HangfireJobs:Storage:Schema"] = schema,
            },
            _ => { }));

        Assert.Contains("HangfireJobs:Storage:" + part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("1001")]
    [InlineData("-1")]
    public async Task Start_NamesTheKeyAndTheLimits_WhenTheConnectionsAreOutOfRange(string connections)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(
            new()
            {
                ["HangfireJobs:Storage:Provider"] = "PostgreSql",
                ["HangfireJobs:Storage:ConnectionString"] = "Host=db",
                ["HangfireJobs:Storage:MaxConnections"] = connections,
            },
            _ => { }));

        Assert.Contains(
            $"HangfireJobs:Storage:MaxConnections = '{connections}' is not a number from 8 to 1000", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NamesBothClasses_WhenJobNamesCollide()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync([], jobs => jobs.AddJob<TwinOne>().AddJob<TwinTwo>()));

        Assert.Contains(typeof(TwinOne).FullName!, error.Message, StringComparison.Ordinal);
        Assert.Contains(typeof(TwinTwo).FullName!, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NamesTheId_WhenTwoJobsDeclareTheSameSchedule()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync([], jobs => jobs.AddJob<DailyOne>().AddJob<DailyTwo>()));

        Assert.Contains("the id 'daily' is declared twice", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AcceptsTheDocumentedConfiguration_AsWritten()
    {
        const string json = """
            { "HangfireJobs": {
              "AppQueue": "crm", "RecurringJobIdPrefix": "crm",
              "Storage": { "Provider": "InMemory", "Schema": "hangfire" },
              "WorkerCount": 20, "Retry": { "Attempts": 3, "Backoff": "Exponential", "BaseDelay": "00:00:30", "MaxDelay": "00:10:00" },
              "DefaultTimeout": "00:30:00", "Retention": { "Succeeded": "1.00:00:00", "Deleted": "1.00:00:00", "Failed": "30.00:00:00" }
            } }
            """;
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

        using var host = Create(configuration, _ => { });
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);

        var options = host.Services.GetRequiredService<HangfireJobsOptions>();
        Assert.Equal(
            ("crm", "crm", 20, TimeSpan.FromMinutes(30)),
            (options.AppQueue, options.RecurringJobIdPrefix, options.WorkerCount, options.DefaultTimeout));
        Assert.Equal(
            (3, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10)),
            (options.Retry.Attempts, options.Retry.BaseDelay, options.Retry.MaxDelay));
        Assert.Equal(TimeSpan.FromDays(30), options.Retention.Failed);
    }

    private static void AssertFault(string[] faults, string subject, string part, bool hasFix = true)
    {
        var fault = Assert.Single(faults, fault => fault.Contains(subject, StringComparison.Ordinal));
        Assert.Contains(part, fault, StringComparison.Ordinal);
        if (hasFix)
            Assert.Contains("Fix: ", fault, StringComparison.Ordinal);
    }

    private static async Task StartAsync(Dictionary<string, string?> settings, Action<IHangfireJobsBuilder> addJobs)
    {
        using var host = Create(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), addJobs);
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static IHost Create(IConfiguration configuration, Action<IHangfireJobsBuilder> addJobs)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        addJobs(builder.Services.AddCoreHangfireJobs(configuration, options => options.ScanEntryAssembly = false));
        return builder.Build();
    }

    private abstract class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }

    [RecurringJob("0 0 31 2 *")]
    private sealed class NeverJob : IdleJob;

    [Queue("mail")]
    private sealed class MailQueueJob : IdleJob;

    [JobName("twin")]
    private sealed class TwinOne : IdleJob;

    [JobName("twin")]
    private sealed class TwinTwo : IdleJob;

    [RecurringJob("@daily", Id = "daily")]
    private sealed class DailyOne : IdleJob;

    [RecurringJob("@daily", Id = "daily")]
    private sealed class DailyTwo : IdleJob;
}
