using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>The app's job types by name and by class. Built once; nothing is scanned while jobs run.</summary>
internal sealed class JobCatalog
{
    private readonly FrozenDictionary<string, JobDescriptor> _byName;
    private readonly FrozenDictionary<Type, JobDescriptor> _byType;

    private JobCatalog(IReadOnlyList<JobDescriptor> jobs, Dictionary<string, JobDescriptor> byName)
    {
        Jobs = jobs;
        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        _byType = jobs.ToFrozenDictionary(job => job.Type);
    }

    public IReadOnlyList<JobDescriptor> Jobs { get; }

    /// <summary>Reads the classes and collects what is wrong with them, such as two classes of one name.</summary>
    public static JobCatalog Build(IEnumerable<Type> types, ICollection<string> faults)
    {
        var jobs = new List<JobDescriptor>();
        foreach (var type in types.Distinct().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            if (JobClass.TryDescribe(type, faults) is { } job)
                jobs.Add(job);
        }

        KeepNamesOfGenerics(jobs);
        var byName = new Dictionary<string, JobDescriptor>(StringComparer.Ordinal);
        foreach (var (name, job) in jobs.Select(job => (job.Name, job))
            .Concat(jobs.SelectMany(job => job.FormerNames.Select(former => (former, job)))))
        {
            if (!byName.TryAdd(name, job))
            {
                var fix = job.Type.IsGenericType && byName[name].Type.IsGenericType
                    ? "derive a class from one of them, give that a [JobName(\"…\")] and register it instead"
                    : "give one of them another [JobName(\"…\")] (or remove the colliding [FormerlyKnownAs])";
                faults.Add($"Job name '{name}' is used by both {byName[name].Type} and {job.Type}. Fix: {fix}.");
            }
        }
        return new JobCatalog(jobs, byName);
    }

    // Earlier builds stored a closed generic class under the name of its definition. With several of one definition, nothing
    // tells whose jobs those are.
    private static void KeepNamesOfGenerics(List<JobDescriptor> jobs)
    {
        var taken = jobs.SelectMany(static job => job.FormerNames.Prepend(job.Name)).ToHashSet(StringComparer.Ordinal);
        var generics = jobs.Where(static job => job.Type.IsGenericType).GroupBy(static job => job.Type.Name).ToList();
        foreach (var alone in generics.Where(group => group.Count() == 1 && !taken.Contains(group.Key))
            .Select(static group => group.First()))
        {
            jobs[jobs.IndexOf(alone)] = alone with { FormerNames = [.. alone.FormerNames, alone.Type.Name] };
        }
    }

    public bool TryGet(string name, [NotNullWhen(true)] out JobDescriptor? job) => _byName.TryGetValue(name, out job);

    /// <summary>The one job type that takes arguments of exactly this type.</summary>
    /// <exception cref="InvalidOperationException">None does, or several do; the message names them.</exception>
    public JobDescriptor GetByArguments(Type argumentType)
    {
        var takers = Jobs.Where(job => job.Invoker.ArgumentType == argumentType).ToList();
        return takers switch
        {
            [var only] => only,
            [] => throw new InvalidOperationException(
                $"No registered job type takes arguments of type {argumentType}. Fix: register one that implements "
                + $"IJob<{TypeName.Of(argumentType)}>, or name the job type in the call, as in Enqueue<TJob, TArgs>(args)."),
            _ => throw new InvalidOperationException(
                $"{takers.Count} job types take arguments of type {argumentType}: "
                + $"{string.Join(", ", takers.Select(static job => job.Type))}. Fix: name the job type in the call, as in "
                + "Enqueue<TJob, TArgs>(args)."),
        };
    }

    public JobDescriptor Get(Type type) =>
        _byType.TryGetValue(type, out var job)
            ? job
            : throw new InvalidOperationException(
                $"{type} is not registered as a job. Fix: AddCoreHangfireJobs(…)."
                    + (type.IsGenericType ? "" : $"AddJobsFromAssembly(typeof({type.Name}).Assembly), or .")
                    + $"AddJob<{TypeName.Of(type)}>().");
}
