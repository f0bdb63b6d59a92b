namespace Asdamir.Data.Analyzers.Tests;

public sealed class CodeFixTests
{
    [Fact]
    public async Task Token_IsPassedOn_ByNameWhereParametersAreLeftOut()
    {
        var code = await Source.FixedAsync(
            """
            public sealed class FetchJob(HttpClient http) : IJob
            {
                public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken stop = default)
                {
                    await http.GetStringAsync("https://example.com");
                    await StoreAsync(1);
                    return JobResult.Success();
                }

                private static Task StoreAsync(int value, int size = 2, CancellationToken ct = default) => Task.CompletedTask;
            }
            """);

        Assert.Contains("GetStringAsync(\"https://example.com\", stop)", code, StringComparison.Ordinal);
        Assert.Contains("StoreAsync(1, ct: stop)", code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WindowsTimeZone_BecomesTheOneOfIana()
    {
        var code = await Source.FixedAsync(
            """
            [RecurringJob("0 2 * * *", TimeZone = "W. Europe Standard Time")]
            public sealed class NightlyJob(IHangfireJobService jobs) : IJob
            {
                public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
                {
                    jobs.AddOrUpdateRecurring<NightlyJob>("0 3 * * *", new RecurringOptions { TimeZone = "Tokyo Standard Time" });
                    return Task.FromResult(JobResult.Success());
                }
            }
            """);

        Assert.Contains("TimeZone = \"Europe/Berlin\")]", code, StringComparison.Ordinal);
        Assert.Contains("TimeZone = \"Asia/Tokyo\" }", code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DisableConcurrentExecution_BecomesExclusiveJob()
    {
        var code = await Source.FixedAsync(
            """
            [DisableConcurrentExecution(60)]
            public sealed class NightlyJob : IJob
            {
                public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) =>
                    Task.FromResult(JobResult.Success());
            }
            """);

        Assert.Contains("[ExclusiveJob]", code, StringComparison.Ordinal);
        Assert.DoesNotContain("DisableConcurrentExecution", code, StringComparison.Ordinal);
    }
}
