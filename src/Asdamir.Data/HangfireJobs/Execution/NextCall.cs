using Asdamir.Data.HangfireJobs.Catalog;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>The one call of <c>next</c> that a middleware has, which ends before the middleware does.</summary>
internal sealed class NextCall(Type middleware, string jobName, Func<Task<JobResult>> rest)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _gate = new();
    private bool _wasCalled;
    private bool _isOver;
    private bool _wasAbandoned;

    private string Subject => $"Middleware {TypeName.Of(middleware)} of job '{jobName}'";

    public async Task<JobResult> InvokeAsync()
    {
        lock (_gate)
        {
            if (_wasCalled)
            {
                throw new InvalidOperationException(
                    $"{Subject} called next twice, but an attempt executes its job once. "
                        + "Fix: call it once; to try again, return a failure or JobResult.RunAgainAfter.");
            }
            if (_isOver)
                throw new InvalidOperationException($"{Subject} called next after it had returned. Fix: call and await it before that.");
            _wasCalled = true;
        }
        try
        {
            return await rest().ConfigureAwait(false);
        }
        finally
        {
            _ended.SetResult();
        }
    }

    /// <summary>The middleware has returned: waits until the job has, too.</summary>
    public Task EndAsync()
    {
        lock (_gate)
        {
            _isOver = true;
            _wasAbandoned = _wasCalled && !_ended.Task.IsCompleted;
            return _wasCalled ? _ended.Task : Task.CompletedTask;
        }
    }

    /// <returns>The result, when the middleware may return it.</returns>
    /// <exception cref="InvalidOperationException">It may not.</exception>
    public JobResult Check(JobResult? result)
    {
        if (result is null)
            throw new InvalidOperationException($"{Subject} returned null instead of a JobResult. Fix: return the result of next.");
        if (_wasAbandoned)
            throw new InvalidOperationException($"{Subject} returned before its job had ended. Fix: await next.");
        if (!_wasCalled && result.Outcome == JobOutcome.Success)
        {
            throw new InvalidOperationException(
                $"{Subject} returned a success without calling next, so the job was not executed. Fix: return the result of next, a "
                    + "failure, or JobResult.RunAgainAfter.");
        }
        return result;
    }
}
