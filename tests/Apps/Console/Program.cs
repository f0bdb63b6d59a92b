using Apps.Kit;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.DependencyInjection;

// Sees and acts on all apps of the schema, has none of their assemblies, and executes nothing.
await TestApp.RunAsync([.. args, "--HangfireJobs:RunServer=false", "--HangfireJobs:ScanEntryAssembly=false"], (services, command) =>
{
    var moves = services.GetRequiredService<JobTransitions>();
    return command.Name switch
    {
        "requeue" => moves.Requeue(command.Id!, "Requeued by an operator", _ => true, command.Text),
        "delete" => moves.Delete(command.Id!, "Deleted by an operator", _ => true, command.Text),
        "trigger" => services.GetRequiredService<RecurringJobs>().Trigger(command.Id!, "Triggered by an operator"),
        "jobs" => services.GetRequiredService<IJobMonitor>().GetJobsAsync(new JobListFilter(), 200).GetAwaiter().GetResult().Jobs,
        "find" => services.GetRequiredService<JobLookup>().Find(command.Id!, _ => true),
        _ => throw new ArgumentException($"Unknown command '{command.Name}'."),
    };
});
