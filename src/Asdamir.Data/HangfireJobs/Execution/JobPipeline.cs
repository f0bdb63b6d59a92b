using System.Collections.Concurrent;
using System.Collections.Frozen;
using Asdamir.Data.HangfireJobs.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Calls a job through the middleware of its type.</summary>
internal sealed partial class JobPipeline
{
    private readonly FrozenDictionary<Type, Type[]> _middleware;
    private readonly RetryPolicy _retry;
    private readonly JobThreads _threads;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<Type, bool> _nameChecked = new();

    public JobPipeline(
        JobCatalog catalog, IEnumerable<MiddlewareRule> rules, RetryPolicy retry, JobThreads threads, ILogger<JobExecutor> log)
    {
        _middleware = catalog.Jobs.ToFrozenDictionary(
            static job => job.Type,
            job => rules.Where(rule => rule.AppliesTo(job.Type)).Select(static rule => rule.Middleware).Distinct().ToArray());
        _retry = retry;
        _threads = threads;
        _log = log;
    }

    /// <summary>
    /// An exception of the job, or of a middleware, is a failure with that exception. What keeps the job from being created is thrown: it
    /// is a fault of the host, which has no result of the job.
    /// </summary>
    public async Task<JobResult> InvokeAsync(JobCall call, IJobContext context)
    {
        try
        {
            return _middleware.GetValueOrDefault(call.Job.Type) is { Length: > 0 } middleware
                ? await InvokeAsync(call, Execution(call, context), middleware, 0).ConfigureAwait(false)
                : await InvokeJobAsync(call, context).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception != call.CreationFailure)
        {
            return JobResult.Failure(exception);
        }
    }

    private JobExecution Execution(JobCall call, IJobContext context) => new()
    {
        Context = context, JobType = call.Job.Type, CancellationToken = call.Token, RetriesAfter = _retry.For(call.Job).After,
    };

    private async Task<JobResult> InvokeAsync(JobCall call, JobExecution execution, Type[] middleware, int index)
    {
        // A middleware that has waited returns on the thread pool, which what follows may block.
        await _threads.SwitchTo(call.Attempt);
        if (index == middleware.Length)
            return await InvokeJobAsync(call, execution.Context).ConfigureAwait(false);
        var instance = (IJobMiddleware)call.Services.GetRequiredService(middleware[index]);
        var next = new NextCall(
            middleware[index], call.Job.Name, () => InvokeAsync(call, execution, middleware, index + 1));
        JobResult? result;
        try
        {
            result = instance.InvokeAsync(execution, next.InvokeAsync) is { } running ? await running.ConfigureAwait(false) : null;
        }
        finally
        {
            // The scope must outlive the job.
            await next.EndAsync().ConfigureAwait(false);
        }
        return next.Check(result);
    }

    private async Task<JobResult> InvokeJobAsync(JobCall call, IJobContext context)
    {
        var job = call.Job;
        var instance = Create(call);
        WarnOfOtherName(job, instance);
        if (job.Invoker.InvokeAsync(instance, call.Args, context, call.Token) is not { } execution)
        {
            return JobResult.Failure(
                $"Job '{job.Name}' returned null instead of a task. Fix: make its ExecuteAsync async, or return Task.FromResult(…).");
        }
        return await execution.ConfigureAwait(false) ?? JobResult.Failure($"Job '{job.Name}' returned null instead of a JobResult.");
    }

    private static object Create(JobCall call)
    {
        try
        {
            return call.Services.GetRequiredService(call.Job.Type);
        }
        catch (Exception exception)
        {
            call.CreationFailure = exception;
            throw;
        }
    }

    private void WarnOfOtherName(JobDescriptor job, object instance)
    {
        if (_nameChecked.TryAdd(job.Type, true) && job.Invoker.NameOf(instance) is var name && name != job.Name && name != job.Type.Name)
            Log.OtherName(_log, job.Type, name, job.Name);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1103, Level = LogLevel.Warning,
            Message = "{JobType}.Name is '{Name}', but its jobs are stored under '{JobName}'. "
                + "To store them under its Name, put [JobName(\"{Name}\")] on the class")]
        public static partial void OtherName(ILogger logger, Type jobType, string name, string jobName);
    }
}
