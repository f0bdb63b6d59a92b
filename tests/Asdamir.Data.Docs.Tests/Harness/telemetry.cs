using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        builder.Services.AddCoreHangfireJobs(builder.Configuration);
        //<example 1>
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);

        Xunit.Assert.NotNull(app.Services.GetRequiredService<TracerProvider>());
        Xunit.Assert.NotNull(app.Services.GetRequiredService<MeterProvider>());
    }
}
