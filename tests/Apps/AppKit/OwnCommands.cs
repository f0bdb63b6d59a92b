using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Apps.Kit;

/// <summary>What any app can do with its own jobs.</summary>
public static class OwnCommands
{
    public static object? Execute<TJob>(IServiceProvider services, Command command) where TJob : class, IJob<WorkOrder>
    {
        ArgumentNullException.ThrowIfNull(command);
        var jobs = services.GetRequiredService<IHangfireJobService>();
        var order = command.Order ?? new WorkOrder("none");
        return command.Name switch
        {
            "enqueue" => jobs.Enqueue<TJob, WorkOrder>(order),
            "enqueue-async" => jobs.EnqueueAsync<TJob, WorkOrder>(order).GetAwaiter().GetResult(),
            "enqueue-many" => jobs.EnqueueMany<TJob, WorkOrder>(Enumerable.Repeat(order, command.Count)).Count,
            "schedule" => jobs.Schedule<TJob, WorkOrder>(order, TimeSpan.FromSeconds(command.Seconds)),
            "continue" => jobs.ContinueWith<TJob, WorkOrder>(order, command.Id!),
            "recurring" =>
                Do(() =>
                    jobs.AddOrUpdateRecurring<TJob, WorkOrder>(
                        order, command.Cron!, new RecurringOptions { Id = command.Id, TimeZone = command.TimeZone ?? "UTC" })),
            "remove" => jobs.RemoveRecurring(command.Id!),
            "trigger" => jobs.TriggerRecurring(command.Id!),
            "delete" => jobs.Delete(command.Id!),
            "requeue" => jobs.Requeue(command.Id!),
            "begin-many-calls" => ManyCalls.Begin<TJob>(jobs, command.Text!, command.Count),
            "end-many-calls" => ManyCalls.End(),
            "find" => jobs.Find(command.Id!),
            _ => throw new ArgumentException($"Unknown command '{command.Name}'."),
        };
    }

    private static bool Do(Action action)
    {
        action();
        return true;
    }
}
