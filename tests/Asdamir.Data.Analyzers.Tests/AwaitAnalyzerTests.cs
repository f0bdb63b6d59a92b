namespace Asdamir.Data.Analyzers.Tests;

public sealed class AwaitAnalyzerTests
{
    [Fact]
    public async Task Work_ThatAJobDoesNotAwait_IsReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            public sealed class HastyJob : IJob
            {
                public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
                {
                    SendAsync(ct); // ADJ0007
                    _ = Task.Run(() => { }, ct); // ADJ0007
                    Action lambda = async () => await SendAsync(ct); // ADJ0006
                    async void Local() => await SendAsync(ct); // ADJ0006
                    lambda();
                    Local();
                    Forget();
                    _ = int.Parse("1");
                    return Task.FromResult(JobResult.Success());
                }

                private async void Forget() => await SendAsync(default); // ADJ0006

                private static Task SendAsync(CancellationToken ct) => Task.CompletedTask;
            }

            public sealed class NoJob
            {
                public void Send() => _ = Task.Run(() => { });

                public async void Click() => await Task.Yield();
            }
            """);
    }

    [Fact]
    public async Task Waits_ThatBlockAThread_AreReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            public sealed class BlockingJob : IJob
            {
                public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
                {
                    Thread.Sleep(5); // ADJ0008
                    SendAsync(ct).Wait(ct); // ADJ0008
                    var one = SendAsync(ct).Result; // ADJ0008
                    var two = SendAsync(ct).GetAwaiter().GetResult(); // ADJ0008
                    Task.WaitAll(SendAsync(ct)); // ADJ0008
                    var answer = new Answer();
                    await SendAsync(ct);
                    return JobResult.Success(output: answer.Result + one + two);
                }

                private static Task<int> SendAsync(CancellationToken ct) => Task.FromResult(1);

                private sealed class Answer
                {
                    public int Result => 1;
                }
            }
            """);
    }
}
