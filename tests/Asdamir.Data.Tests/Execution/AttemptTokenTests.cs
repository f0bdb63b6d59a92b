using Asdamir.Data.HangfireJobs.Execution;
using Asdamir.Data.Storage;
using Hangfire.InMemory;
using Hangfire.Server;
using Hangfire.Storage;

namespace Asdamir.Data.Tests.Execution;

public sealed class AttemptTokenTests : IDisposable
{
    private readonly CancellationTokenSource _stopped = new();
    private readonly ClaimedJob _claimed = new();
    private readonly InMemoryStorage _storage = new();

    public void Dispose()
    {
        _stopped.Dispose();
        _claimed.Dispose();
        _storage.Dispose();
    }

    [Fact]
    public async Task Token_IsAborted_WhenItsClaimIsRevoked()
    {
        using var token = NewToken();

        _claimed.Revoke();

        await Until.TrueAsync(() => token.ShutdownToken.IsCancellationRequested, "the token is cancelled");
        Assert.True(token.IsAborted);
        Assert.Throws<JobAbortedException>(token.ThrowIfCancellationRequested);
    }

    [Fact]
    public async Task Token_IsAborted_WhenItsClaimWasRevokedBefore()
    {
        _claimed.Revoke();

        using var token = NewToken();

        await Until.TrueAsync(() => token.ShutdownToken.IsCancellationRequested, "the token is cancelled");
        Assert.True(token.IsAborted);
    }

    [Fact]
    public async Task Token_IsCancelledAndNotAborted_WhenTheServerStops()
    {
        using var token = NewToken();

        await _stopped.CancelAsync();

        await Until.TrueAsync(() => token.ShutdownToken.IsCancellationRequested, "the token is cancelled");
        Assert.False(token.IsAborted);
        Assert.Throws<OperationCanceledException>(token.ThrowIfCancellationRequested);
    }

    [Fact]
    public void Token_IgnoresARevocation_AfterTheAttempt()
    {
        var token = NewToken();
        token.Dispose();

        _claimed.Revoke();

        Assert.False(token.IsAborted);
    }

    private AttemptToken NewToken() => new(_storage, _claimed, _stopped.Token);

    private sealed class ClaimedJob : IClaimedJob
    {
        private readonly CancellationTokenSource _revoked = new();

        public string JobId => "1";

        public string Queue => "default";

        public string ServerId => "server-1";

        public string WorkerId => "1.1";

        public string? SkippedBy => null;

        public DateTime ClaimedAt => DateTime.UnixEpoch;

        public CancellationToken Revoked => _revoked.Token;

        public JobStorageConnection Connection => throw new NotSupportedException();

        public bool IsLost => false;

        public bool WasEndedInTransaction() => throw new NotSupportedException();

        public Task<bool> TryWriteMetadataAsync(IReadOnlyDictionary<string, string> notes) => throw new NotSupportedException();

        public void Revoke() => _revoked.Cancel();

        public void RemoveFromQueue()
        {
        }

        public void Requeue()
        {
        }

        public void Dispose() => _revoked.Dispose();
    }
}
