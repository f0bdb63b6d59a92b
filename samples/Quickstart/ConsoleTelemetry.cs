using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Quickstart;

/// <summary>Shows traces and metrics of the jobs on the console: <c>dotnet run -- --Telemetry=true</c>.</summary>
public static class ConsoleTelemetry
{
    private const string Jobs = "Asdamir.Data.HangfireJobs";

    public static void AddConsoleTelemetry(this IServiceCollection services) => services.AddOpenTelemetry()
        .WithTracing(tracing => tracing.AddSource(Jobs).AddConsoleExporter())
        .WithMetrics(metrics => metrics.AddMeter(Jobs).AddConsoleExporter(
            (_, reader) => reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = 5_000));
}
