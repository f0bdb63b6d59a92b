using System.Text.RegularExpressions;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.Packages.Tests;

public sealed partial class TemplateTests(LocalFeed feed)
{
    [Fact]
    [NeedsPostgreSql]
    public async Task GeneratedApps_PassTheirTests_AndShareASchema()
    {
        var server = await SharedPostgres.GetAsync();
        var schema = server.NewSchema();
        var folder = Directory.CreateDirectory(feed.PathOf("apps")).FullName;
        var templates = feed.Packages.Single(static path => path.Contains("Templates", StringComparison.Ordinal));
        await feed.DotnetAsync(folder, "new", "install", templates);
        await feed.DotnetAsync(folder, "new", "asdamir-app", "-n", "Crm", "--app-code", "crm", "--storage", "postgresql");
        await feed.DotnetAsync(folder, "new", "asdamir-app", "-n", "Hr.Payroll", "--storage", "postgresql", "--worker");
        AssertFilesAreWhole(folder);

        foreach (var name in (string[])["Crm", "Hr.Payroll"])
        {
            await feed.DotnetAsync(
                Path.Combine(folder, name), "build", "--nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-warnaserror");
            await feed.DotnetAsync(Path.Combine(folder, name), "test", "--no-build", "--solution", $"{name}.slnx");
        }

        await using var crm = Start(folder, "Crm", server.ConnectionString, schema);
        await using var hr = Start(folder, "Hr.Payroll", server.ConnectionString, schema);
        using var monitor = JobMonitor.Observe(new JobMonitorOptions
        {
            Storage = new HangfireJobsStorageOptions
            {
                Provider = "PostgreSql", ConnectionString = server.ConnectionString, Schema = schema,
            },
        });
        foreach (var app in (string[])["crm", "hr-payroll"])
        {
            var id = $"{app}:DailyReportJob";
            await Until.TrueAsync(async () => await TryFindRecurringAsync(monitor, id), $"the schedule {id}");
            var trigger = new JobActionRequest { Kind = JobActionKind.Trigger, RecurringJobId = id, User = "test" };
            var result = await monitor.ExecuteAsync(trigger, cancellationToken: TestContext.Current.CancellationToken);
            await Until.TrueAsync(
                async () => await monitor.FindJobAsync(result.JobId!, app) is { State: "Succeeded" }, $"the job of {app}");
        }
        await crm.StopAsync();
        await hr.StopAsync();
        Assert.Equal((0, 0), (crm.ExitCode, hr.ExitCode));
    }

    private static void AssertFilesAreWhole(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            Assert.DoesNotMatch(Unreplaced(), File.ReadAllText(file));
        Assert.Contains("\"AppQueue\": \"hr-payroll\"", ReadOf("Hr.Payroll/src/Hr.Payroll/appsettings.json"), StringComparison.Ordinal);
        Assert.Contains("USER $APP_UID", ReadOf("Crm/Dockerfile"), StringComparison.Ordinal);
        Assert.Contains("\"Crm.dll\"", ReadOf("Crm/Dockerfile"), StringComparison.Ordinal);

        string ReadOf(string name) => File.ReadAllText(Path.Combine(folder, name));
    }

    // The tables and the schedule are there when the app has started.
    private static async Task<bool> TryFindRecurringAsync(IJobMonitor monitor, string id)
    {
        try
        {
            return await monitor.FindRecurringJobAsync(id) is not null;
        }
        catch (Storage.JobStorageUnavailableException)
        {
            return false;
        }
    }

    private static GeneratedApp Start(string folder, string name, string connectionString, string schema) => new(
        Path.Combine(folder, name, "src", name), $"bin/Debug/net10.0/{name}.dll",
        new Dictionary<string, string>
        {
            ["HangfireJobs__Storage__ConnectionString"] = connectionString,
            ["HangfireJobs__Storage__Schema"] = schema,
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        });

    [GeneratedRegex("AsdamirApp1|app-code|asdamir-version|0\\.0\\.0-version|#if|#else|#endif")]
    private static partial Regex Unreplaced();

    private sealed class GeneratedApp(string folder, string file, IReadOnlyDictionary<string, string> environment)
        : ChildProcess(["env", "-C", folder, "dotnet", file], environment);
}
