using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TestServers;

namespace IsolationUnderLoad;

/// <summary>An app, with or without a server, configured by its command line.</summary>
internal static class App
{
    public static IHost Build(IEnumerable<string> args)
    {
        var builder = Host.CreateApplicationBuilder([.. args]);
        builder.Logging.ClearProviders();
        builder.Services.AddCoreHangfireJobs(builder.Configuration);
        if (builder.Configuration["Ledger"] is { } path)
            builder.Services.AddSingleton(new Ledger(path));
        return builder.Build();
    }

    public static async Task RunAsync(string[] args)
    {
        using var host = Build(args);
        await host.StartAsync();
        Console.WriteLine("@ready");
        // Its input ends with the process that started it.
        await Task.WhenAny(host.WaitForShutdownAsync(), Console.In.ReadToEndAsync());
    }
}

/// <summary>The same, as a process of its own.</summary>
internal sealed class AppProcess : ChildProcess
{
    private AppProcess(int niceness, IEnumerable<string> arguments)
        : base([.. niceness == 0 ? Array.Empty<string>() : ["nice", "-n", $"{niceness}"], "dotnet", typeof(AppProcess).Assembly.Location, "app", .. arguments])
    {
    }

    public static async Task<AppProcess> StartAsync(int niceness, IEnumerable<string> arguments)
    {
        var process = new AppProcess(niceness, arguments);
        await process.ReadyAsync(TimeSpan.FromSeconds(60));
        return process;
    }
}
