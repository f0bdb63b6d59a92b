using System.Text.Json;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>Calls one shape of the contract without reflection at run time.</summary>
internal abstract class JobInvoker
{
    /// <summary>The interface a job class implements: <see cref="IJob"/> or <see cref="IJob{TArgs}"/>.</summary>
    public abstract Type Contract { get; }

    public virtual bool TakesArguments => true;

    public abstract string NameOf(object job);

    /// <returns>What the job returned; a faulty one may return <see langword="null"/>.</returns>
    public abstract Task<JobResult?>? InvokeAsync(object job, JsonElement? args, IJobContext context, CancellationToken cancellationToken);

    public static JobInvoker For(Type contract) =>
        contract == typeof(IJob)
            ? new Plain()
            : (JobInvoker)Activator.CreateInstance(typeof(Typed<>).MakeGenericType(contract.GenericTypeArguments))!;

    private sealed class Plain : JobInvoker
    {
        public override Type Contract => typeof(IJob);

        public override bool TakesArguments => false;

        public override string NameOf(object job) => ((IJob)job).Name;

        public override Task<JobResult?>? InvokeAsync(object job, JsonElement? args, IJobContext context, CancellationToken cancellationToken) =>
            ((IJob)job).ExecuteAsync(context, cancellationToken)!;
    }

    private sealed class Typed<TArgs> : JobInvoker
    {
        public override Type Contract => typeof(IJob<TArgs>);

        public override string NameOf(object job) => ((IJob<TArgs>)job).Name;

        public override Task<JobResult?>? InvokeAsync(object job, JsonElement? args, IJobContext context, CancellationToken cancellationToken) =>
            ((IJob<TArgs>)job).ExecuteAsync(JobArguments.Read<TArgs>(args, context.JobName), context, cancellationToken)!;
    }
}
