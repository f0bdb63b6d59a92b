namespace Asdamir.Data.Storage;

/// <summary>How many jobs a limit allows at the same time, and how many may begin in a window, as an app declares it.</summary>
/// <param name="Name">The name of the limit, see <see cref="JobLimits.FaultOfName"/>.</param>
/// <param name="MaxRunning">
/// For each key: 0, when none may begin, to <see cref="JobLimits.MaxRunning"/>, which is as good as no limit.
/// </param>
/// <param name="Rate">How many may begin, for each key; <see langword="null"/> (the default) for any number.</param>
/// <param name="Skips">
/// Whether a job for which a claim finds no room is deleted, with that reason; <see langword="false"/> (the default) when it waits.
/// </param>
public sealed record JobLimitRule(string Name, int MaxRunning, JobRate? Rate = null, bool Skips = false);
