using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;
using Hangfire;

public sealed class Mailer
{
    public static TaskCompletionSource<int> Sent { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Send(int id) => Sent.TrySetResult(id);
}

public static class Cleanup
{
    public static TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static void Run() => Done.TrySetResult();
}

public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        //<example 1>
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var client = app.Services.GetRequiredService<IBackgroundJobClient>();

        client.Enqueue<Mailer>(mailer => mailer.Send(42));
        client.Enqueue(() => Cleanup.Run());

        Xunit.Assert.Equal(42, await Mailer.Sent.Task.WaitAsync(Kit.Until.Limit));
        await Cleanup.Done.Task.WaitAsync(Kit.Until.Limit);
    }
}
