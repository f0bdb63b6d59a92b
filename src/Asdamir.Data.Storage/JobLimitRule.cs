namespace Asdamir.Data.Storage;

/// <summary>How many jobs a limit allows at the same time, as an app declares it.</summary>
/// <param name="Name">The name of the limit, see <see cref="JobLimits.FaultOfName"/>.</param>
/// <param name="MaxRunning">For each key: 0, when none may begin, to <see cref="JobLimits.MaxRunning"/>.</param>
public sealed record JobLimitRule(string Name, int MaxRunning);
