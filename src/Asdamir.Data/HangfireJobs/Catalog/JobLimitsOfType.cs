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
            limits.Add(new JobLimitOfType(new JobLimitRule(attribute.Name, attribute.MaxRunning), key));
        }
        if (limits.Count > JobLimits.MaxCount)
            faults.Add($"{type.FullName} has {limits.Count} limits. Fix: keep at most {JobLimits.MaxCount} [Limit] attributes.");
        return limits;
    }

    /// <summary>Finds limits that several job types of one queue declare in different ways.</summary>
    public static IEnumerable<string> FaultsAcross(IEnumerable<(JobDescriptor JobType, string Queue)> jobTypes) =>
        from one in jobTypes
        from limit in one.JobType.Limits
        group (one.JobType, limit.Rule.MaxRunning, HasKey: limit.Key is not null) by (one.Queue, limit.Rule.Name) into shared
        where shared.Select(static one => (one.MaxRunning, one.HasKey)).Distinct().Count() > 1
        select $"The limit '{shared.Key.Name}' has several values: "
            + string.Join(", ", shared.Select(static one =>
                $"{one.MaxRunning} {(one.HasKey ? "for each key" : "without a key")} on {one.JobType.Type.FullName}"))
            + ". Fix: use one value of MaxRunning, with a Key on all of them or on none, or another name.";

    private static string? FaultOf(LimitAttribute attribute, List<JobLimitOfType> others) =>
        JobLimits.FaultOfName(attribute.Name) is { } fault ? $"the name {fault}"
        : attribute.MaxRunning is < 1 or > JobLimits.MaxRunning
            ? $"MaxRunning = {attribute.MaxRunning} is not a number from 1 to {JobLimits.MaxRunning}. "
                + "Fix: set how many jobs may be executed at the same time."
        : others.Exists(other => other.Rule.Name == attribute.Name)
            ? "it occurs twice on this job type. Fix: keep one of the two, or give one another name."
        : null;
}
