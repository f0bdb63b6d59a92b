using Asdamir.Data.HangfireJobs;
using Chaos.Soak;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Kit;

namespace Chaos.Processes;

/// <summary>An app as any other, configured by its command line. Its log goes to the error stream.</summary>
internal static class AppHost
{
    public static IHost Build(string role, string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning)
            .AddSimpleConsole(static console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "));
        builder.Services.Configure<ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddCoreHangfireJobs(builder.Configuration);
        if (builder.Configuration["Ledger"] is { } path)
            builder.Services.AddSingleton(new Ledger(path));
        builder.Services.AddSingleton<Effects>();
        if (role == Flow.Role)
            builder.Services.AddHostedService<Flow>();
        if (role == SoakFlow.Role)
            builder.Services.AddHostedService<SoakFlow>();
        if (role == SoakFigures.Role)
            builder.Services.AddSingleton<SoakFigures>().AddHostedService(static services => services.GetRequiredService<SoakFigures>());
        return builder.Build();
    }

    public static async Task RunAsync(string role, string[] args)
    {
        EndWithParent();
        using var host = Build(role, args);
        await host.StartAsync();
        Console.WriteLine("@ready");
        await host.WaitForShutdownAsync();
    }

    // A kit that was killed must not leave apps behind.
    private static void EndWithParent() => new Thread(static () =>
    {
        while (Console.In.Read() >= 0)
        {
        }
        Environment.Exit(3);
    })
    { IsBackground = true }.Start();
}
