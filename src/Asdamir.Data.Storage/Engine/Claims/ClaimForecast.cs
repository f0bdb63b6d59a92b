namespace Asdamir.Data.Storage.Engine.Claims;

/// <summary>How many jobs workers will request in the next moments: as many as they requested of late; a few say nothing.</summary>
internal sealed class ClaimForecast(TimeProvider time)
{
    private const int Most = 100;
    private const int FewestRequests = 4;
    private static readonly TimeSpan ShortestCount = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Horizon = TimeSpan.FromMilliseconds(8);

    private long _countedSince = time.GetTimestamp();
    private int _requests;

    public int Jobs { get; private set; }

    public void Count() => _requests++;

    public void Update()
    {
        var elapsed = time.GetElapsedTime(_countedSince);
        if (elapsed < ShortestCount)
            return;
        Jobs = _requests < FewestRequests ? 0 : Math.Min((int)(_requests * (Horizon / elapsed)), Most);
        _countedSince = time.GetTimestamp();
        _requests = 0;
    }
}
