using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;
using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// What an attempt reads and writes beside its job. On our storages a commit writes it only while the claim of the attempt executes the
/// job. On others it is parameters of the job, and whether the job was moved away is checked right before.
/// </summary>
internal sealed class AttemptNotes(PerformContext context, JobThreads threads, TimeProvider time)
{
    private static readonly TimeSpan OutageDelay = TimeSpan.FromSeconds(1);

    private readonly JobMetadata _metadata = new(context.Storage);
    private readonly AttemptToken? _claim = context.CancellationToken as AttemptToken;
    private volatile bool _isLost;
    private volatile bool _hasEnded;

    public string JobId => context.BackgroundJob.Id;

    /// <summary>Whether the job was moved away from this attempt.</summary>
    public bool IsLost => _isLost;

    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(string prefix, CancellationToken cancellationToken)
    {
        while (true)
        {
            await threads.SwitchTo(context.CancellationToken);
            try
            {
                return _metadata.Read(JobId, prefix);
            }
            catch (JobStorageUnavailableException) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(OutageDelay, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Completes when the notes are durable. What a job has done is not lost by an outage: it is awaited.</summary>
    /// <param name="notes">The notes by name.</param>
    /// <param name="what">What they are, for the message.</param>
    /// <param name="impatience">Ends the wait for the end of an outage.</param>
    /// <exception cref="JobLostException">The job was moved away from this attempt.</exception>
    public async Task WriteAsync(IReadOnlyDictionary<string, string> notes, string what, CancellationToken impatience)
    {
        while (true)
        {
            ThrowIfLost(what);
            try
            {
                if (await TryWriteAsync(notes).ConfigureAwait(false))
                    return;
                _isLost = true;
                _claim?.Lose();
            }
            catch (JobStorageUnavailableException) when (!impatience.IsCancellationRequested)
            {
                await Task.Delay(OutageDelay, time, impatience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>The job has succeeded: what it still writes is not under its claim any more.</summary>
    public void End()
    {
        _hasEnded = true;
        _isLost = false;
    }

    public void ThrowIfLost(string what)
    {
        if (!_hasEnded && _claim is { IsAborted: true })
            _isLost = true;
        if (_isLost)
        {
            throw new JobLostException(
                $"Job {JobId} was given to another worker, deleted or requeued while this attempt executed it, so {what} was not stored. "
                    + "Let this exception end the attempt.");
        }
    }

    private async Task<bool> TryWriteAsync(IReadOnlyDictionary<string, string> notes)
    {
        if (_claim is not null && !_hasEnded)
            return await _claim.TryWriteMetadataAsync(notes).ConfigureAwait(false);
        await threads.SwitchTo(context.CancellationToken);
        if (!_hasEnded && ServerFilters.IsMoved(context))
            return false;
        _metadata.Write(JobId, notes);
        return true;
    }
}
