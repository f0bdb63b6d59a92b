using System.Text.Json;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Monitoring.Reads.Lists;

public sealed class JobsPagingTests
{
    private const string Jobs = "/frameworkapi/hangfire/jobs";

    [Theory]
    [InlineData(1, 2, "next")]
    [InlineData(2, 2, "prev next")]
    [InlineData(3, 1, "prev")]
    [InlineData(9, 0, "prev")]
    public async Task Get_GivesTotalAndLinks_ForEachPage(int page, int count, string relations)
    {
        await using var web = await StartAsync();
        for (var i = 0; i < 5; i++)
            web.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(i + 1));

        var response = await web.GetAsync($"{Jobs}?state=Scheduled&page={page}&pageSize=2");

        Assert.Equal("5", Assert.Single(response.Headers.GetValues("X-Total-Count")));
        Assert.Equal(count, (await IdsAsync(response)).Count);
        Assert.Equal(relations, string.Join(' ', Links(response).Select(link => link.Relation)));
        Assert.All(
            Links(response), link => Assert.StartsWith($"{Jobs}?state=Scheduled&pageSize=2&page=", link.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_ShowsEachJobOnce_WhenTheLinksAreFollowed()
    {
        await using var web = await StartAsync();
        var expected = Enumerable.Range(0, 5).Select(_ => web.Jobs.Enqueue<IdleJob>()).ToList();

        List<string> seen = [];
        for (var next = $"{Jobs}?pageSize=2"; next is not null;)
        {
            var response = await web.GetAsync(next);
            seen.AddRange(await IdsAsync(response));
            next = Links(response).FirstOrDefault(link => link.Relation == "next").Path;
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Get_GivesNoLink_WhenThereIsOnePageOnly()
    {
        await using var web = await StartAsync();
        web.Jobs.Enqueue<IdleJob>();

        Assert.Empty(Links(await web.GetAsync(Jobs)));
    }

    private static IReadOnlyList<(string? Path, string Relation)> Links(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var values)
            ? [
                .. string.Join(", ", values).Split(", ").Select(link => link.Split(">; rel="))
                    .Select(parts => (parts[0][1..], parts[1].Trim('"')))
            ]
            : [];

    private static async Task<List<string>> IdsAsync(HttpResponseMessage response)
    {
        var json = JsonDocument.Parse(
            await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            .RootElement;
        return [.. json.EnumerateArray().Select(job => job.GetProperty("id").GetString()!)];
    }

    private static Task<WebHost> StartAsync() =>
        WebHost.StartAsync("Development", jobs => jobs.AddJob<IdleJob>(), options => options.RunServer = false);

    private sealed class IdleJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
