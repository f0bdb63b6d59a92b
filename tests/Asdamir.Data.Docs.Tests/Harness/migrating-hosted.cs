using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.HangfireJobs;

public interface ITemporaryFiles
{
    Task<int> DeleteOldAsync(CancellationToken ct);
}

public interface IPictures
{
    Task ShrinkAsync(int picture, CancellationToken ct);
}

public sealed class Machine : ITemporaryFiles, IPictures
{
    public TaskCompletionSource<int> Shrunk { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<int> DeleteOldAsync(CancellationToken ct) => Task.FromResult(3);

    public Task ShrinkAsync(int picture, CancellationToken ct)
    {
        Shrunk.TrySetResult(picture);
        return Task.CompletedTask;
    }
}

//<example 1>
public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        var machine = new Machine();
        builder.Services.AddSingleton<ITemporaryFiles>(machine).AddSingleton<IPictures>(machine);
        builder.Services.AddCoreHangfireJobs(builder.Configuration).AddJob<CleanJob>().AddJob<ThumbnailJob>();
        await using var app = builder.Build();
        await app.StartAsync(ExampleContext.Cancellation);
        var jobs = app.Services.GetRequiredService<IHangfireJobService>();
        var ct = ExampleContext.Cancellation;
        //<example 2>
        Xunit.Assert.Equal(7, await machine.Shrunk.Task.WaitAsync(Kit.Until.Limit));

        var cleaned = await jobs.TriggerRecurringAsync(nameof(CleanJob), ct);
        await ExampleContext.WaitForSuccessAsync(jobs, cleaned!);
        Xunit.Assert.Contains("\"deleted\":3", (await jobs.FindAsync(cleaned!, ct))!.ResultJson);
    }
}
