using System.Data.Common;
using Hangfire.Server;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>What one attempt stores with its job while it executes it: steps and cursors.</summary>
internal sealed class AttemptRecord : IAsyncDisposable
{
    private const string Ended = "the attempt has ended. Fix: await all steps and cursors before the job returns";

    private const string Ending =
        "the job is to end in its own transaction. Fix: await all steps and cursors before CompleteInAsync, and call it last";

    private readonly AttemptNotes _notes;
    private readonly CancellationToken _token;
    private volatile bool _hasEnded;

    /// <param name="context">The execution.</param>
    /// <param name="attempt">Returns the number of the attempt.</param>
    /// <param name="countStep">Counts a step, and whether an earlier attempt had done it.</param>
    /// <param name="threads">The threads for what blocks.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    /// <param name="token">The token of the attempt.</param>
    public AttemptRecord(
        PerformContext context, Func<int> attempt, Action<bool> countStep, JobThreads threads, TimeProvider time, ILogger log,
        CancellationToken token)
    {
        _notes = new AttemptNotes(context, threads, time);
        _token = token;
        End = new AttemptEnd(context, threads, time);
        Steps = new AttemptSteps(_notes, attempt, countStep, time, token);
        Cursors = new AttemptCursors(_notes, time, log, token);
    }

    public AttemptSteps Steps { get; }

    public AttemptCursors Cursors { get; }

    public AttemptEnd End { get; }

    /// <summary>Whether a write was refused because the job was moved away from this attempt.</summary>
    public bool IsLost => _notes.IsLost || End.IsLost;

    /// <summary>Writes the success of the job into a transaction of the job.</summary>
    public async Task CompleteInAsync(DbTransaction transaction, object? output, ILogger log, CancellationToken ct)
    {
        if (_hasEnded)
        {
            throw new InvalidOperationException(
                "The attempt has ended, so the job cannot end in a transaction any more. "
                    + "Fix: await CompleteInAsync before the job returns.");
        }
        ct.ThrowIfCancellationRequested();
        End.Begin(transaction);
        // Its row is locked until the transaction ends: what is written beside would wait for that.
        Steps.Close(Ending);
        Cursors.Close(Ending);
        await Cursors.PauseAsync().ConfigureAwait(false);
        await End.WriteAsync(output, log).ConfigureAwait(false);
    }

    /// <summary>Ends it after the job and its scope. What was set last is stored.</summary>
    public async ValueTask DisposeAsync()
    {
        _hasEnded = true;
        Steps.Close(Ended);
        Cursors.Close(Ended);
        await End.SettleAsync(_token).ConfigureAwait(false);
        if (End.IsCommitted)
            _notes.End();
        await Cursors.DisposeAsync().ConfigureAwait(false);
    }
}
