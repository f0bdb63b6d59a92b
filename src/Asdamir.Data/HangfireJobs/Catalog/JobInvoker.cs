using System.Text.Json;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>Calls one shape of the contract without reflection at run time.</summary>
internal abstract class JobInvoker
{
    /// <summary>The interface a job class implements: <see cref="IJob"/> or <see cref="IJob{TArgs}"/>.</summary>
    public abstract Type Contract { get; }

    public bool TakesArguments => ArgumentType is not null;

    /// <summary>The type of the arguments; <see langword="null"/> for a job without any.</summary>
    public virtual Type? ArgumentType => null;

    public abstract string NameOf(object job);

    /// <summary>Writes arguments as the type that the job reads, which may be a base of the caller's type.</summary>
    public virtual byte[] Write(object args, string jobName, int maxBytes) =>
        throw new NotSupportedException($"Job '{jobName}' takes no arguments.");

    /// <summary>Reads stored arguments as the job gets them; <see langword="null"/> for a job without any.</summary>
    /// <exception cref="JobArgumentsException">They are not there, or are not of the type.</exception>
    public virtual object? Read(JsonElement? args, string jobName) => null;

    /// <returns>What the job returned; a faulty job may return <see langword="null"/>.</returns>
    public abstract Task<JobResult?>? InvokeAsync(object job, JsonElement? args, IJobContext context, CancellationToken cancellationToken);

    public static JobInvoker For(Type contract) =>
        contract == typeof(IJob)
            ? new Plain()
            : (JobInvoker)Activator.CreateInstance(typeof(Typed<>).MakeGenericType(contract.GenericTypeArguments))!;

    private sealed class Plain : JobInvoker
    {
        public override Type Contract => typeof(IJob);

        public override string NameOf(object job) => ((IJob)job).Name;

        public override Task<JobResult?>? InvokeAsync(
            object job, JsonElement? args, IJobContext context, CancellationToken cancellationToken) =>
            ((IJob)job).ExecuteAsync(context, cancellationToken)!;
    }

    private sealed class Typed<TArgs> : JobInvoker
    {
        public override Type Contract => typeof(IJob<TArgs>);

        public override Type ArgumentType => typeof(TArgs);

        public override byte[] Write(object args, string jobName, int maxBytes) => JobArguments.Write((TArgs)args, jobName, maxBytes);

        public override object? Read(JsonElement? args, string jobName) => JobArguments.Read<TArgs>(args, jobName);

        public override string NameOf(object job) => ((IJob<TArgs>)job).Name;

        public override Task<JobResult?>? InvokeAsync(
            object job, JsonElement? args, IJobContext context, CancellationToken cancellationToken) =>
            ((IJob<TArgs>)job).ExecuteAsync(JobArguments.Read<TArgs>(args, context.JobName), context, cancellationToken)!;
    }
}
