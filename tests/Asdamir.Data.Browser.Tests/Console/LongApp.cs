using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>Another app of the company, whose names and texts are as long as they may be, without a space.</summary>
internal sealed class LongApp(IHost host) : IAsyncDisposable
{
    public const string Queue = "queue-with-a-name-of-fifty-characters-0123456789ab";
    public const string JobName =
        "JobWithANameOfAHundredCharacters_" + "0123456789012345678901234567890123456789012345678901234567890123456";

    public const string LimitName =
        "limit-with-a-name-of-a-hundred-characters-0123456789012345678901234567890123456789012345678901234567";

    /// <summary>What its exceptions begin with.</summary>
    public const string Mark = "TheBeginningOfTheException";

    public static string Reason { get; } = new('r', 500);

    /// <returns>The id of a job that waits.</returns>
    public string Pause()
    {
        Pauses.Pause(JobPauseKind.Queue, Queue, Reason, Reason, DateTimeOffset.MaxValue);
        return Jobs.Enqueue<LongJob, string>("");
    }

    private IJobPauses Pauses => (IJobPauses)host.Services.GetRequiredService<JobStorage>();

    private IHangfireJobService Jobs => host.Services.GetRequiredService<IHangfireJobService>();

    public static async Task<LongApp> StartAsync(string jobs)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddCoreHangfireJobs(options =>
        {
            options.AppQueue = Queue;
            options.RecurringJobIdPrefix = "p";
            options.ScanEntryAssembly = false;
            options.Storage.ConnectionString = jobs;
            options.Retry.Attempts = 0;
        }).AddJob<LongJob>();
        var host = builder.Build();
        await host.StartAsync();
        return new LongApp(host);
    }

    /// <returns>The id of a job that has failed.</returns>
    public async Task<string> FailAsync()
    {
        Pauses.EndPause(JobPauseKind.Queue, Queue);
        var id = Jobs.Enqueue<LongJob, string>(new string('a', 500));
        await Until.TrueAsync(() => Jobs.Find(id)!.State == JobState.Failed, "the job fails");
        return id;
    }

    public void Declare()
    {
        var id = new string('i', 84);
        Jobs.AddOrUpdateRecurring<LongJob, string>("", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20 * * * *", new() { Id = id });
        Jobs.PauseRecurring(id, Reason);
        ((IJobLimits)host.Services.GetRequiredService<JobStorage>()).ChangeLimit(Queue, LimitName, 1_000_000, Reason, Reason);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }

    [JobName(LongApp.JobName)]
    [Limit(LimitName, MaxRunning = 1_000_000)]
    private sealed class LongJob : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
            throw new InvalidOperationException(Mark + new string('x', 200_000));
    }
}
