using System.Diagnostics;

namespace Fleet;

/// <summary>When a job was asked for, when the call had returned, and when the job began.</summary>
internal sealed record BegunJob(long Called, long Returned, long Begun)
{
    public double MillisecondsFromCall => Stopwatch.GetElapsedTime(Called, Begun).TotalMilliseconds;

    /// <summary>0 for one that began before its call had returned.</summary>
    public double MillisecondsFromReturn => Math.Max(Stopwatch.GetElapsedTime(Returned, Begun).TotalMilliseconds, 0);
}
