using Asdamir.Data.HangfireJobs.ManualExecution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Asdamir.Data.Testing.Hosting;

/// <summary>Adds the schedules that the app declares when it starts, as its server would. It starts after the storage is open.</summary>
internal sealed class ScheduleStart(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        Task.Run(() => services.GetRequiredService<ManualJobServer>().ApplySchedules(), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
