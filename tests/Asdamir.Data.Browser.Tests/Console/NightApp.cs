using System.Reflection;
using Hangfire;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>Another app of the company, as a process that can be killed.</summary>
internal sealed class NightApp : ChildProcess
{
    public const string Queue = "night";

    private NightApp(string jobs)
        : base(
            ["dotnet", Assembly],
            new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = LocalPort.AnyUrl,
                ["HangfireJobs__AppQueue"] = Queue,
                ["HangfireJobs__RecurringJobIdPrefix"] = Queue,
                ["HangfireJobs__Storage__ConnectionString"] = jobs,
            })
    {
    }

    private static string Assembly =>
        typeof(NightApp).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static data => data.Key == "ShopApp").Value!;

    /// <summary>Starts it, and waits until its server runs.</summary>
    public static async Task<NightApp> StartAsync(string jobs, JobStorage storage)
    {
        var app = new NightApp(jobs);
        await Until.TrueAsync(() => Servers(storage) == 1, "the server of the app runs", () => app.Log);
        return app;
    }

    /// <summary>Kills it, and waits until another process has noticed.</summary>
    public async Task CrashAsync(JobStorage storage)
    {
        await KillAsync();
        await Until.TrueAsync(() => Servers(storage) == 0, "its death is noticed");
        await DisposeAsync();
    }

    private static int Servers(JobStorage storage) =>
        storage.GetMonitoringApi().Servers().Count(static server => server.Queues.Contains(Queue));
}
