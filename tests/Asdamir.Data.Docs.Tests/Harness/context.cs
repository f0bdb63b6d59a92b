using System.Security.Claims;
using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;

public sealed class Tenant
{
    public string? Id { get; set; }
}

//<example 1>

public sealed class TenantJob(Tenant tenant) : IJob
{
    public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) =>
        Task.FromResult(JobResult.Success(output: tenant.Id));
}

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        //<example 2>
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<TenantJob>();
        await using var app = builder.Build();
        app.MapGet("/", (IHangfireJobService jobs, HttpContext http) =>
        {
            http.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("tenant", "acme")]));
            return jobs.EnqueueAsync<TenantJob>();
        });
        await app.StartAsync(ExampleContext.Cancellation);
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();

        using HttpClient client = new();
        var id = await client.GetStringAsync(app.Urls.Single(), ExampleContext.Cancellation);
        await ExampleContext.WaitForSuccessAsync(jobs, id);

        Xunit.Assert.Contains("acme", jobs.Find(id)!.ResultJson, StringComparison.Ordinal);
    }
}
