using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Testing;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Xunit;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddCoreHangfireJobs(builder.Configuration);
builder.Build().Run();

public sealed record SendInvoice(int InvoiceId);

public sealed class SendInvoiceJob : IJob<SendInvoice>
{
    public Task<JobResult> ExecuteAsync(SendInvoice args, IJobContext ctx, CancellationToken ct = default) =>
        Task.FromResult(JobResult.Success());
}

public sealed class Tests
{
    //<example 1>
}

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        // What the build of a test project writes for the app that it references.
        var name = typeof(Program).Assembly.GetName().Name!;
        Environment.SetEnvironmentVariable($"ASPNETCORE_TEST_CONTENTROOT_{name.ToUpperInvariant()}", context.Folder);
        var dependencies = Path.Combine(AppContext.BaseDirectory, $"{name}.deps.json");
        await File.WriteAllTextAsync(dependencies, "{}");
        try
        {
            await new Tests().Invoice_IsSentInTheBackground();
        }
        finally
        {
            File.Delete(dependencies);
        }
    }
}
