using System.Threading.RateLimiting;
using Asdamir.Data.HangfireJobs.Hosting;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>Bounds the attempts of an address, or of an IPv6 network, in a minute.</summary>
internal sealed class SourceLimiter(int attemptsPerMinute) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        RateLimitPartition.GetSlidingWindowLimiter(
            ClientSource.Of(http.Connection.RemoteIpAddress),
            _ =>
                new SlidingWindowRateLimiterOptions
                {
                    PermitLimit = attemptsPerMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6
                }));

    /// <summary>Counts an attempt.</summary>
    /// <returns>Whether it is within the limit.</returns>
    public bool TryAcquire(HttpContext http)
    {
        using var lease = _limiter.AttemptAcquire(http);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
