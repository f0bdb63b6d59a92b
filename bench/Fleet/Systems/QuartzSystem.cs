using System.Globalization;
using Peers;
using Quartz;

namespace Fleet.Systems;

/// <summary>Quartz.NET, a clustered scheduler for each app: one durable job, and a trigger for each of its executions.</summary>
internal sealed class QuartzSystem(AppArguments app) : IJobSystem
{
    private const string NumberKey = "number";
    private static readonly JobKey Key = new("trivial");
    private IScheduler _scheduler = null!;

    public async Task StartAsync()
    {
        _scheduler = await QuartzScheduler.OpenAsync(app.ConnectionString, app.App, JobSystems.Workers);
        if (!app.IsWorker)
            return;
        await _scheduler.AddJob(
            JobBuilder.Create<Numbered>().WithIdentity(Key).StoreDurably().RequestRecovery().Build(), AddJobOptions.Replacing);
        await _scheduler.Start();
    }

    public async Task EnqueueAsync(int number) => await _scheduler.ScheduleJob(
        TriggerBuilder.Create()
            .ForJob(Key)
            .WithIdentity($"run-{number}")
            .UsingJobData(NumberKey, number.ToString(CultureInfo.InvariantCulture))
            .StartNow()
            .Build());

    public async ValueTask DisposeAsync() => await _scheduler.Shutdown(waitForJobsToComplete: true);

    private sealed class Numbered : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            TrivialJob.Run(int.Parse((string)context.Trigger.JobDataMap[NumberKey]!, CultureInfo.InvariantCulture));
            return ValueTask.CompletedTask;
        }
    }
}
