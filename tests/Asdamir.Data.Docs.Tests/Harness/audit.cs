using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;

//<example 1>

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        //<example 2>
        builder.Services.AddCoreHangfireJobs(builder.Configuration);
        await using var app = builder.Build();
        app.UseCoreHangfireApi();
        await app.StartAsync(ExampleContext.Cancellation);

        Xunit.Assert.IsType<ActionAudit>(app.Services.GetRequiredService<IJobActionAudit>());
    }
}
