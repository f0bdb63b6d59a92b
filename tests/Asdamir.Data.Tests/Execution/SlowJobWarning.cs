using System.Diagnostics;
using Hangfire.Server;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Tests.Execution;

public sealed class SlowJobWarning(ILogger<SlowJobWarning> log) : IServerFilter
{
    public void OnPerforming(PerformingContext context) => context.Items["started"] = Stopwatch.GetTimestamp();

    public void OnPerformed(PerformedContext context)
    {
        if (Stopwatch.GetElapsedTime((long)context.Items["started"]) is { TotalSeconds: > 30 } time)
            log.LogWarning("Job {Id} took {Time}", context.BackgroundJob.Id, time);
    }
}
