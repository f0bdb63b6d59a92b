using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;

namespace Asdamir.Data.Tests.Scheduling.Workflows;

/// <summary>Hosts of an app whose jobs wait at gates, note what they do, and fail when they are told to.</summary>
public abstract class WorkflowHost(StorageKind kind) : OwnStorageTests(kind)
{
    private protected Task<JobHost> StartAsync(int workers = 4, Action<HangfireJobsOptions>? configure = null) => JobHost.StartAsync(
        static jobs => jobs.AddJob<WorkJob>().AddJob<ReportJob>().AddJob<UniqueJob>(),
        options =>
        {
            options.AppQueue = "flow";
            options.RecurringJobIdPrefix = "flow";
            options.WorkerCount = workers;
            options.Retry.Attempts = 0;
            UseStorage(options);
            configure?.Invoke(options);
        });

    private protected Task<JobHost> StartClientAsync() => StartAsync(configure: static options => options.RunServer = false);

    private protected static IJobWorkflows WorkflowsOf(JobHost host) => (IJobWorkflows)host.Storage;

    private protected static JobWorkflowStatus StatusOf(JobHost host, string id) => WorkflowsOf(host).FindWorkflow(id)!;

    private protected static Task FinishedAsync(JobHost host, string id) => Until.TrueAsync(
        () => StatusOf(host, id).FinishedAt is not null, "the workflow has finished", () => StatusOf(host, id).ToString());

    /// <param name="Name">What it notes.</param>
    /// <param name="Waits">Whether it waits for the gate of that name.</param>
    /// <param name="Fails">Whether it fails until the gate "works" is open.</param>
    private protected sealed record Work(string Name, bool Waits = false, bool Fails = false);

    private protected sealed class WorkJob(Probe probe) : IJob<Work>
    {
        public async Task<JobResult> ExecuteAsync(Work args, IJobContext ctx, CancellationToken ct = default)
        {
            probe.Note($"{args.Name} in");
            if (args.Waits)
                await probe.GateAsync(args.Name, ct);
            if (args.Fails && !probe.GateAsync("works", ct).IsCompleted)
                return JobResult.Failure("It fails.");
            probe.Note($"{args.Name} out");
            return JobResult.Success(output: new Made(args.Name));
        }
    }

    private protected sealed record Made(string By);

    private protected sealed class ReportJob(Probe probe) : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
        {
            foreach (var parent in ctx.Parents)
                probe.Note($"{ctx.WorkflowId}: {parent.JobName} {parent.State} {parent.Output<Made>()?.By}");
            probe.Note("report");
            return Task.FromResult(JobResult.Success());
        }
    }

    [Unique]
    private protected sealed class UniqueJob : IJob
    {
        public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success());
    }
}
