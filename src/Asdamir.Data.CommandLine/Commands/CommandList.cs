using System.CommandLine;
using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>All commands. The place where a new one is added.</summary>
internal static class CommandList
{
    public static RootCommand Create(Terminal terminal, ToolEnvironment environment)
    {
        var runner = new CommandRunner(terminal, environment);
        var root = new RootCommand("Background jobs of Asdamir.Data: see them, act on them, and find what is wrong with a schema.")
        {
            new ListCommand(runner),
            new ShowCommand(runner),
            new JobsActionCommand(runner, JobActionKind.Requeue, "Put jobs back into their queues, with all their attempts."),
            new JobsActionCommand(runner, JobActionKind.Delete, "Delete jobs; one that is being executed has its token cancelled."),
            new RecurringCommand(runner),
            new RecurringActionCommand(runner, JobActionKind.Trigger, "Start a recurring job now."),
            new RecurringActionCommand(runner, JobActionKind.Pause, "Pause a recurring job, also across restarts."),
            new RecurringActionCommand(runner, JobActionKind.Resume, "Resume a paused recurring job."),
            new QueuesCommand(runner),
            new QueueActionCommand(runner, "pause-queue", JobActionKind.PauseQueue, "Pause a queue: no process begins its jobs."),
            new QueueActionCommand(runner, "resume-queue", JobActionKind.ResumeQueue, "Resume a paused queue."),
            new LimitsCommand(runner),
            new WorkflowsCommand(runner),
            new ServersCommand(runner),
            new TailCommand(runner),
            new DoctorCommand(runner),
            new PreflightCommand(runner),
            new MigrateCommand(runner),
        };
        runner.AddTo(root);
        return root;
    }
}
