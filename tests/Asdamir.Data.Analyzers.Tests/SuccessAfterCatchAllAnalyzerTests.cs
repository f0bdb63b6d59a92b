namespace Asdamir.Data.Analyzers.Tests;

public sealed class SuccessAfterCatchAllAnalyzerTests
{
    [Fact]
    public async Task Success_AfterACatchOfEverything_IsReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            public sealed class MailJob : IJob
            {
                public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
                {
                    try
                    {
                        await Task.Delay(1, ct);
                        return JobResult.Success();
                    }
                    catch (TimeoutException)
                    {
                        return JobResult.Success();
                    }
                    catch (Exception exception) when (exception is IOException)
                    {
                        return JobResult.Success();
                    }
                    catch (Exception)
                    {
                        return JobResult.Success(); // ADJ0001
                    }
                }
            }

            public sealed class PlainJob : IJob<int>
            {
                public Task<JobResult> ExecuteAsync(int args, IJobContext ctx, CancellationToken ct = default)
                {
                    try
                    {
                        return Task.FromResult(JobResult.Success());
                    }
                    catch
                    {
                        if (args == 1)
                            return Task.FromResult(JobResult.Failure("broken"));
                        return Task.FromResult(JobResult.Success(output: 1)); // ADJ0001
                    }
                }
            }

            public sealed class NoJob
            {
                public JobResult Try()
                {
                    try { return JobResult.Failure("x"); }
                    catch (Exception) { return JobResult.Success(); }
                }
            }
            """);
    }
}
