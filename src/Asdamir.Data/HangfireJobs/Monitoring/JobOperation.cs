namespace Asdamir.Data.HangfireJobs.Monitoring;

/// <summary>An action that continues in the background, with its progress. It is kept in memory only; the audit is permanent.</summary>
public sealed class JobOperation
{
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile JobActionResult _progress = new();

    internal JobOperation(JobAction action) => Action = action;

    /// <summary>The action. A long <see cref="JobAction.Target"/> is cut; the audit has all of it.</summary>
    public JobAction Action { get; }

    /// <summary>The result so far; once it is finished, the result.</summary>
    public JobActionResult Progress => _progress;

    /// <summary>Completes when the action is finished, and never fails.</summary>
    public Task Completion => _finished.Task;

    /// <summary>Whether the action is finished.</summary>
    public bool IsFinished => _finished.Task.IsCompleted;

    /// <summary>Why the action ended early; <see langword="null"/> when it did not.</summary>
    public string? Error { get; private set; }

    internal void Report(JobActionResult progress) => _progress = progress;

    internal void Finish(JobActionResult? result, string? error)
    {
        _progress = result ?? _progress;
        Error = error;
        _finished.SetResult();
    }
}
