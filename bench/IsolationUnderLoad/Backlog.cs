using Asdamir.Data.HangfireJobs;
using BenchKit;
using Kit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IsolationUnderLoad;

/// <summary>What fills the queue of A.</summary>
internal static class Backlog
{
    private const int Waiting = 100_000;

    public static void Enqueue(string[] args)
    {
        using var host = App.Build(args);
        Console.WriteLine("@ready");
        EnqueueWaiting(host.Services.GetRequiredService<IHangfireJobService>());
    }

    public static void EnqueueWaiting(IHangfireJobService service)
    {
        for (var enqueued = 0; enqueued < Waiting; enqueued += 10_000)
            service.EnqueueMany<Surge, Load>(Enumerable.Repeat(new Load(LoadKind.Trivial), 10_000));
    }
}

/// <summary>The same, as a process of its own.</summary>
internal sealed class AppProcess : ChildProcess
{
    private AppProcess(string mode, int niceness, IEnumerable<string> arguments)
        : base(
            [
                .. niceness == 0 ? Array.Empty<string>() : ["nice", "-n", $"{niceness}"], "dotnet", typeof(AppProcess).Assembly.Location,
                mode, .. arguments
            ])
    {
    }

    /// <param name="mode"><c>app</c>, or <c>enqueue</c> for one that enqueues A's runs and ends.</param>
    /// <param name="niceness">How much it stands back.</param>
    /// <param name="arguments">The app's configuration.</param>
    public static async Task<AppProcess> StartAsync(string mode, int niceness, IEnumerable<string> arguments)
    {
        var process = new AppProcess(mode, niceness, arguments);
        await process.ReadyAsync(TimeSpan.FromSeconds(60));
        return process;
    }
}
