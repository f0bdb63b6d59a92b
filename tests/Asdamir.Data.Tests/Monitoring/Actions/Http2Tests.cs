using System.Net;
using System.Net.Http.Json;
using Asdamir.Data.HangfireJobs;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Monitoring.Actions;

/// <summary>A body may come without its length, and without a header that says so.</summary>
public sealed class Http2Tests() : MonitoringTests(StorageKind.InMemory)
{
    [Fact]
    public async Task Body_IsRead_WhenItsLengthIsUnknown()
    {
        var crm = await StartAsync(services: services => services.Configure<KestrelServerOptions>(
            kestrel => kestrel.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http2)));
        var jobId = Fail(crm);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Api.Root}/jobs/{jobId}/delete")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = JsonContent.Create(new { expectedState = "Succeeded" }),
        };
        request.Headers.Add(Api.Bearer.Name, Api.Bearer.Value);

        using var response = await crm.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Null(request.Content.Headers.ContentLength);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal(JobState.Failed, crm.Jobs.Find(jobId)!.State);
    }
}
