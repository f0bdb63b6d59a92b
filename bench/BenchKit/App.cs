using Asdamir.Data.HangfireJobs;
using Kit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BenchKit;

/// <summary>An app with or without a server, configured by its command line.</summary>
public static class App
{
    /// <param name="args">Its settings; with <c>--Ledger</c> its jobs can note something.</param>
    public static IHost Build(IEnumerable<string> args)
    {
        var builder = Host.CreateApplicationBuilder([.. args]);
        builder.Logging.ClearProviders();
        builder.Services.AddCoreHangfireJobs(builder.Configuration);
        if (builder.Configuration["Ledger"] is { } path)
            builder.Services.AddSingleton(new Ledger(path));
        return builder.Build();
    }

    /// <summary>Starts it, says so to the process that started this one, and ends with that process.</summary>
    public static async Task RunAsync(IEnumerable<string> args)
    {
        using var host = Build(args);
        await host.StartAsync();
        Console.WriteLine("@ready");
        // The console's own asynchronous reads block.
        await Task.WhenAny(host.WaitForShutdownAsync(), Task.Run(Console.In.ReadToEnd));
        await host.StopAsync();
    }

    /// <param name="workers">0 for an app without a server.</param>
    public static IEnumerable<string> Settings(string app, string provider, string connectionString, int workers) =>
    [
        $"--HangfireJobs:AppQueue={app}",
        $"--HangfireJobs:RecurringJobIdPrefix={app}",
        $"--HangfireJobs:Storage:Provider={provider}",
        $"--HangfireJobs:Storage:ConnectionString={connectionString}",
        $"--HangfireJobs:RunServer={workers > 0}",
        $"--HangfireJobs:WorkerCount={Math.Max(workers, 1)}",
    ];
}
