using Quartz;

namespace Peers;

/// <summary>A clustered scheduler on PostgreSQL.</summary>
internal static class QuartzScheduler
{
    /// <param name="name">Those of the same name share their jobs.</param>
    public static async Task<IScheduler> OpenAsync(string connectionString, string name, int workers)
    {
        var builder = QuartzSchedulerBuilder.Create(quartz => quartz
            .ConfigureScheduler(options =>
            {
                options.InstanceName = name;
                options.GenerateInstanceId = true;
                // The shortest poll it allows: another process is not woken.
                options.IdleWaitTime = TimeSpan.FromSeconds(1);
            })
            .UseDefaultThreadPool(workers)
            .UsePersistentStore(store =>
            {
                store.UsePostgres($"{connectionString};Maximum Pool Size={workers + 10}");
                store.UseSystemTextJsonSerializer();
                store.UseClustering();
                store.ProvisionSchema();
            }));
        return await builder.BuildScheduler();
    }
}
