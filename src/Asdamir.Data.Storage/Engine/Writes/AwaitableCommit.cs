namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>A commit that is awaited, without a thread.</summary>
internal sealed class AwaitableCommit(WriteSet set) : PendingCommit(set)
{
    // The committer's thread must not execute what follows the await.
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the set is durable.</summary>
    /// <param name="cancellationToken">Has an effect until the commit begins: nothing is written then.</param>
    public async Task AnswerAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static (commit, token) => ((AwaitableCommit)commit!).Cancel(token), this);
        await _answer.Task.ConfigureAwait(false);
    }

    protected override void Answer(Exception? error)
    {
        if (error is null)
            _answer.SetResult();
        else
            _answer.SetException(error);
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        if (TryCancel())
            _answer.SetCanceled(cancellationToken);
    }
}
