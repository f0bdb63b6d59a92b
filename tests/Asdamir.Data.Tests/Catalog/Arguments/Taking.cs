using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Catalog.Arguments;

/// <summary>A job that keeps the arguments it was given.</summary>
internal sealed class Taking<TArgs>(Taken taken) : IJob<TArgs>
{
    public Task<JobResult> ExecuteAsync(TArgs args, IJobContext ctx, CancellationToken ct = default)
    {
        taken.Args = args;
        return Task.FromResult(JobResult.Success());
    }
}

/// <summary>What the job was given.</summary>
internal sealed class Taken
{
    public object? Args { get; set; }
}
