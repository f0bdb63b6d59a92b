using System.Reflection;
using Asdamir.Data.Storage;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>Reads the limits of job types from <see cref="LimitAttribute"/>.</summary>
internal static class JobLimitsOfType
{
    /// <param name="type">The job type.</param>
    /// <param name="arguments">The type of its arguments, if any.</param>
    /// <param name="faults">What is wrong is added here.</param>
    public static IReadOnlyList<JobLimitOfType> Read(Type type, Type? arguments, ICollection<string> faults)
    {
        List<JobLimitOfType> limits = [];
        foreach (var attribute in type.GetCustomAttributes<LimitAttribute>(inherit: true))
        {
            if (FaultOf(attribute, limits) is { } fault)
            {
                faults.Add($"[Limit(\"{attribute.Name}\")] on {type.FullName}: {fault}");
                continue;
            }
            KeyArgument? key = null;
            if (attribute.Key is { } name)
            {
                if (ArgumentMember.Named(arguments, name) is not { } member)
                {
                    faults.Add(
                        $"[Limit(\"{attribute.Name}\")] on {type.FullName}: its arguments have no property '{name}'. "
                            + "Fix: set Key to the name of one of them, or remove it.");
                    continue;
                }
                key = new KeyArgument(member);
            }
            var maxRunning = attribute.MaxRunning == 0 ? JobLimits.MaxRunning : attribute.MaxRunning;
            _ = JobRate.TryParse(attribute.Rate, out var rate);
            limits.Add(new JobLimitOfType(new JobLimitRule(attribute.Name, maxRunning, rate, attribute.WhenFull == WhenFull.Skip), key));
        }
        if (limits.Count > JobLimits.MaxCount)
            faults.Add($"{type.FullName} has {limits.Count} limits. Fix: keep at most {JobLimits.MaxCount} [Limit] attributes.");
        return limits;
    }

    /// <summary>Finds limits that several job types of one queue declare in different ways.</summary>
    public static IEnumerable<string> FaultsAcross(IEnumerable<(JobDescriptor JobType, string Queue)> jobTypes) =>
        from one in jobTypes
        from limit in one.JobType.Limits
        group (one.JobType, limit.Rule, HasKey: limit.Key is not null) by (one.Queue, limit.Rule.Name) into shared
        where shared.Select(static one => (one.Rule, one.HasKey)).Distinct().Count() > 1
        select $"The limit '{shared.Key.Name}' has several values: "
            + string.Join(", ", shared.Select(static one =>
                JobLimits.TextOf(one.Rule.MaxRunning, one.Rule.Rate, one.Rule.Skips)
                    + $" {(one.HasKey ? "for each key" : "without a key")} on {one.JobType.Type.FullName}"))
            + ". Fix: use one value of MaxRunning, of Rate and of WhenFull, with a Key on all of them or on none, or another name.";

    private static string? FaultOf(LimitAttribute attribute, List<JobLimitOfType> others) =>
        JobLimits.FaultOfName(attribute.Name) is { } fault ? $"the name {fault}"
        : attribute.MaxRunning is < 0 or > JobLimits.MaxRunning || attribute is { MaxRunning: 0, Rate: null }
            ? $"MaxRunning = {attribute.MaxRunning} is not a number from 1 to {JobLimits.MaxRunning}. "
                + "Fix: set how many jobs may be executed at the same time, or a Rate."
        : !Enum.IsDefined(attribute.WhenFull)
            ? $"WhenFull = {attribute.WhenFull} is not a member of {nameof(WhenFull)}. Fix: use {nameof(WhenFull.Wait)} or "
                + $"{nameof(WhenFull.Skip)}."
        : attribute.Rate is { } rate && JobRate.FaultOf(rate) is { } rateFault ? $"Rate = \"{rate}\" {rateFault}"
        : others.Exists(other => other.Rule.Name == attribute.Name)
            ? "it occurs twice on this job type. Fix: keep one of the two, or give one another name."
        : null;
}
