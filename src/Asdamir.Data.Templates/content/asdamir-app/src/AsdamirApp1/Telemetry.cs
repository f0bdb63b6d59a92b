using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AsdamirApp1;

/// <summary>Traces and metrics of the jobs, sent to where OTEL_EXPORTER_OTLP_ENDPOINT says.</summary>
internal static class Telemetry
{
    private const string Jobs = "Asdamir.Data.HangfireJobs";
    private const string Storage = "Asdamir.Data.Storage";

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithTracing(static tracing => tracing.AddSource(Jobs))
            .WithMetrics(static metrics => metrics.AddMeter(Jobs, Storage));
        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
    }
}
