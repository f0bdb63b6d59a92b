using Asdamir.Data.Storage.Telemetry;

namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>Claims that fail one after the other: how long to wait before the next one.</summary>
/// <param name="description">The location of the database, for messages.</param>
internal sealed class ClaimFailures(string description)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly StorageLog _log = new(typeof(ClaimFailures));
    private int _count;

    public TimeSpan PauseAfter(Exception exception)
    {
        if (++_count is 1 or 10)
            _log.WarnException($"No jobs can be claimed from {description}; the claim is retried until it succeeds.", exception);
        var pause = FirstPause * Math.Pow(2, Math.Min(_count - 1, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>A claim has succeeded.</summary>
    public void End() => _count = 0;
}
