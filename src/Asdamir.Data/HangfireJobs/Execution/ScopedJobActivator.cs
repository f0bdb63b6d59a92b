using Asdamir.Data.HangfireJobs.StoredJobs;
using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Activates the envelope for Hangfire; its executor opens the scope of each job (Hangfire's scopes cannot be
/// disposed asynchronously). Other jobs of the host get Hangfire's usual scope.
/// </summary>
internal sealed class ScopedJobActivator(IJobExecutor executor, IServiceScopeFactory scopes) : JobActivator
{
    private readonly AspNetCoreJobActivator _others = new(scopes);
    private readonly JobEnvelope _envelope = new(executor);

    public override JobActivatorScope BeginScope(PerformContext context) =>
        context.BackgroundJob.Job?.Type == typeof(JobEnvelope) ? new EnvelopeScope(_envelope) : _others.BeginScope(context);

    private sealed class EnvelopeScope(JobEnvelope envelope) : JobActivatorScope
    {
        public override object Resolve(Type type) => envelope;

        public override void DisposeScope()
        {
        }
    }
}
