namespace Asdamir.Data.HangfireJobs;

/// <summary>
/// Limits how long one attempt of this job may take; then its token is cancelled and the attempt fails with a
/// <see cref="JobTimeoutException"/>. Overrides <see cref="HangfireJobsOptions.DefaultTimeout"/>.
/// </summary>
/// <param name="timeout">A <see cref="TimeSpan"/> such as <c>00:05:00</c>; <c>00:00:00</c> means no limit.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = true)]
public sealed class JobTimeoutAttribute(string timeout) : Attribute
{
    /// <summary>The limit, as written.</summary>
    public string Timeout { get; } = timeout;
}
