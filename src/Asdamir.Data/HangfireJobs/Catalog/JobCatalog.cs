using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>The app's jobs by name and by class. Built once; nothing is scanned while jobs run.</summary>
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

        var byName = new Dictionary<string, JobDescriptor>(StringComparer.Ordinal);
        foreach (var (name, job) in jobs.Select(job => (job.Name, job))
            .Concat(jobs.SelectMany(job => job.FormerNames.Select(former => (former, job)))))
        {
            if (!byName.TryAdd(name, job))
            {
                faults.Add(
                    $"Job name '{name}' is used by both {byName[name].Type.FullName} and {job.Type.FullName}. Fix: give one of them another [JobName(\"…\")] (or remove the colliding [FormerlyKnownAs]).");
            }
        }
        return new JobCatalog(jobs, byName);
    }

    public bool TryGet(string name, [NotNullWhen(true)] out JobDescriptor? job) => _byName.TryGetValue(name, out job);

    public JobDescriptor Get(Type type) =>
        _byType.TryGetValue(type, out var job)
            ? job
            : throw new InvalidOperationException(
                $"{type.FullName} is not registered as a job. Fix: AddCoreHangfireJobs(…).AddJobsFromAssembly(typeof({type.Name}).Assembly), or .AddJob<{type.Name}>().");
}
