using Asdamir.Data.HangfireJobs;
using BenchKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fleet.Systems;

internal sealed class AsdamirSystem : IJobSystem
{
    private readonly IHost _host;
    private readonly IHangfireJobService _jobs;

    public AsdamirSystem(AppArguments app)
    {
        _host = App.Build(App.Settings(app.App, "PostgreSql", app.ConnectionString, app.IsWorker ? JobSystems.Workers : 0));
        _jobs = _host.Services.GetRequiredService<IHangfireJobService>();
    }

    public Task StartAsync() => _host.StartAsync();

    public Task EnqueueAsync(int number) => _jobs.EnqueueAsync<Numbered, NumberOfJob>(new NumberOfJob(number));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

public sealed record NumberOfJob(int Number);

public sealed class Numbered : IJob<NumberOfJob>
{
    public Task<JobResult> ExecuteAsync(NumberOfJob args, IJobContext ctx, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        TrivialJob.Run(args.Number);
        return Task.FromResult(JobResult.Success());
    }
}
