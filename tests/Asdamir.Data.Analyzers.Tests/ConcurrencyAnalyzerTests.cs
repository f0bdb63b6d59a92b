namespace Asdamir.Data.Analyzers.Tests;

public sealed class ConcurrencyAnalyzerTests
{
    [Fact]
    public async Task DisableConcurrentExecution_OnAJob_IsReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            [DisableConcurrentExecution(10)] // ADJ0009
            public sealed class FirstJob : IJob
            {
                public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => throw new NotSupportedException();
            }

            public sealed class SecondJob : IJob
            {
                [DisableConcurrentExecution(10)] // ADJ0009
                public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => throw new NotSupportedException();
            }

            public sealed class PlainHangfire
            {
                [DisableConcurrentExecution(10)]
                public void Send() { }
            }
            """);
    }
}
