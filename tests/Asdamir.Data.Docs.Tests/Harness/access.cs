using System.Net;
using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        builder.Configuration["HangfireJobs:Access:Policy"] = "jobs";
        builder.Configuration["HangfireJobs:Access:OperatorPolicy"] = "jobs-act";
        builder.Services.AddAuthentication("Cookies").AddCookie();
        //<example 1>
        builder.Services.AddCoreHangfireJobs(builder.Configuration);
        await using var app = builder.Build();
        app.UseCoreHangfireApi();
        await app.StartAsync(ExampleContext.Cancellation);
        using HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false });

        var response = await client.GetAsync($"{app.Urls.First()}/frameworkapi/hangfire/jobs");

        Xunit.Assert.Contains(
            response.StatusCode, (HttpStatusCode[])[HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.Redirect]);
    }
}
