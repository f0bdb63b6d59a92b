using System.Globalization;
using System.Net;
using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Monitoring.Actions;

/// <summary>What an action may carry, and what is kept of it.</summary>
public sealed class IdLimitTests() : MonitoringTests(StorageKind.InMemory)
{
    [Fact]
    public async Task Action_IsRefused_WhenAnIdIsLongerThanAnyIs()
    {
        var crm = await StartAsync();

        var answer = await crm.PostAsync("/jobs/delete", new { ids = new[] { "1", new string('9', 101) } });

        Assert.Contains("longer than 100 characters", answer.ProblemOf("ids"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Action_IsRefused_WhenItsBodyIsLargerThanTheMostIdsNeed()
    {
        var crm = await StartAsync();

        // Waits for the server's word before it sends the body: the answer must not come while it is still being sent.
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan };
        using var client = new HttpClient(handler) { BaseAddress = crm.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Api.Root}/jobs/delete")
        {
            Content = new StringContent($$"""{"ids":["{{new string('9', 3 * 1024 * 1024)}}"]}"""),
            Headers = { ExpectContinue = true },
        };
        request.Headers.TryAddWithoutValidation(Api.Bearer.Name, Api.Bearer.Value);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(
            (HttpStatusCode.RequestEntityTooLarge, "application/problem+json"),
            (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Operation_KeepsTheBeginningOfItsTarget_AndTheAuditHasAllOfIt()
    {
        var audit = new Targets();
        var crm = await StartAsync(services: services => services.AddSingleton<IJobActionAudit>(audit));
        var ids = Enumerable.Range(1_000_000, 1_000).Select(static id => id.ToString(CultureInfo.InvariantCulture)).ToList();

        var operation = (await crm.PostAsync("/jobs/delete", new { ids })).Json;

        Assert.Equal(2_001, operation.Text("target")!.Length);
        await Until.TrueAsync(() => audit.Completed is not null, "the action has ended");
        Assert.Equal(2_001, (await crm.ReadAsync($"/operations/{operation.Text("id")}")).Text("target")!.Length);
        Assert.Equal($"1000 jobs: {string.Join(' ', ids)}", audit.Completed);
    }

    private sealed class Targets : IJobActionAudit
    {
        private volatile string? _completed;

        public string? Completed => _completed;

        public ValueTask IntendedAsync(JobAction action, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask CompletedAsync(JobAction action, JobActionResult result, CancellationToken cancellationToken)
        {
            _completed = action.Target;
            return ValueTask.CompletedTask;
        }
    }
}
