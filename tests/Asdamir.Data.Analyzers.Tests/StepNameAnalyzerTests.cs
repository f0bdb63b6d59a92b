namespace Asdamir.Data.Analyzers.Tests;

public sealed class StepNameAnalyzerTests
{
    [Fact]
    public async Task Steps_OfOneName_AreReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            public sealed class PayJob : IJob<int>
            {
                public async Task<JobResult> ExecuteAsync(int args, IJobContext ctx, CancellationToken ct = default)
                {
                    var receipt = await ctx.StepAsync("charge", _ => Task.FromResult(1), ct);
                    if (args == 1)
                        await ctx.StepAsync("mail", _ => Task.CompletedTask, ct);
                    else
                        await ctx.StepAsync("mail", _ => Task.CompletedTask, ct);
                    foreach (var part in new[] { "a", "b" })
                        await ctx.StepAsync(part, _ => Task.CompletedTask, ct);
                    await ctx.StepAsync("charge", _ => Task.CompletedTask, ct); // ADJ0011
                    return JobResult.Success(output: receipt);
                }
            }
            """);
    }
}
