namespace Asdamir.Data.Analyzers.Tests;

public sealed class TokenAnalyzerTests
{
    [Fact]
    public async Task Token_ThatIsNotPassedOn_IsReported()
    {
        var messages = await Source.IsReportedAsMarkedAsync(
            """
            public sealed class FetchJob(HttpClient http) : IJob
            {
                public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken stop = default)
                {
                    await Task.Delay(5); // ADJ0002
                    await http.GetStringAsync("https://example.com"); // ADJ0002
                    await StoreAsync(1); // ADJ0002
                    await StoreAsync(1, CancellationToken.None);
                    await StoreAsync(2, stop);
                    await WithoutAsync();
                    await ctx.StepAsync("one", static _ => Task.CompletedTask);
                    await Task.WhenAll(StoreAsync(3, stop));
                    Func<Task> later = () => StoreAsync(4); // ADJ0002
                    await later();
                    return JobResult.Success();
                }

                private static Task StoreAsync(int value, CancellationToken ct = default) => Task.CompletedTask;

                private static async Task WithoutAsync() => await StoreAsync(5);
            }
            """);

        Assert.Contains(messages, static message => message.EndsWith("pass stop", StringComparison.Ordinal));
    }
}
