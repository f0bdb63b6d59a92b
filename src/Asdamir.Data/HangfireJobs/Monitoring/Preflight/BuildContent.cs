using System.Reflection;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.Monitoring.Diagnosis;

namespace Asdamir.Data.HangfireJobs.Monitoring.Preflight;

/// <summary>The job types of a build by name. Which of them its app registers is not known, so a name may have several.</summary>
internal sealed class BuildContent
{
    private readonly ILookup<string, JobDescriptor> _byName;
    private readonly ILookup<string, Type> _definitions;
    private readonly ILookup<string, Type> _types;

    private BuildContent(IReadOnlyList<Type> types, IReadOnlyList<JobDescriptor> jobs)
    {
        _byName = jobs.SelectMany(static job => job.FormerNames.Prepend(job.Name).Select(name => (Name: name, Job: job)))
            .ToLookup(static pair => pair.Name, static pair => pair.Job, StringComparer.Ordinal);
        _definitions = types.Where(static type => type is { IsGenericTypeDefinition: true, IsClass: true, IsAbstract: false })
            .ToLookup(static type => type.Name, StringComparer.Ordinal);
        _types = types.Where(static type => !type.IsGenericTypeDefinition).ToLookup(TypeName.Of, StringComparer.Ordinal);
    }

    public static BuildContent Read(IReadOnlyList<Assembly> assemblies, Findings findings, DateTimeOffset now)
    {
        List<Type> types = [];
        List<JobDescriptor> jobs = [];
        foreach (var assembly in assemblies)
        {
            // The app registers what is in its own assembly; from others it may take only a part.
            var severity = assembly == assemblies[0] ? JobFindingSeverity.Error : JobFindingSeverity.Warning;
            foreach (var type in TypesOf(assembly, findings))
            {
                types.Add(type);
                List<string> faults = [];
                if (TryDescribe(type, faults, now) is { } job)
                    jobs.Add(job);
                foreach (var fault in faults)
                    findings.Add(FaultOf(type.FullName!, fault, severity));
            }
        }
        return new BuildContent(types, jobs);
    }

    /// <returns>The job types of the name; none for a generic class whose type arguments were not found.</returns>
    public IReadOnlyList<JobDescriptor> Find(string name, out bool isFound)
    {
        List<JobDescriptor> jobs = [.. _byName[name]];
        isFound = jobs.Count > 0 || _definitions.Contains(name);
        if (isFound || name.IndexOf('<', StringComparison.Ordinal) is not (var start and > 0))
            return jobs;
        var arguments = name[(start + 1)..].TrimEnd('>').Split(',');
        foreach (var definition in _definitions[$"{name[..start]}`{arguments.Length}"])
        {
            isFound = true;
            if (arguments.Select(argument => _types[argument].FirstOrDefault()).OfType<Type>().ToArray() is var known
                && known.Length == arguments.Length && TryClose(definition, known) is { } closed
                && TryDescribe(closed, [], DateTimeOffset.UnixEpoch) is { } job)
            {
                jobs.Add(job);
            }
        }
        return jobs;
    }

    private static IEnumerable<Type> TypesOf(Assembly assembly, Findings findings)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            var reason = exception.LoaderExceptions.OfType<Exception>().FirstOrDefault()?.Message ?? exception.Message;
            findings.Add(FaultOf(
                assembly.GetName().Name!, $"Not all of its classes can be loaded: {reason} Fix: publish the build with all that it needs",
                JobFindingSeverity.Error));
            return exception.Types.OfType<Type>();
        }
    }

    private static JobDescriptor? TryDescribe(Type type, List<string> faults, DateTimeOffset now)
    {
        try
        {
            if (!JobClass.IsJob(type) || JobClass.TryDescribe(type, faults) is not { } job)
                return null;
            foreach (var schedule in job.Schedules)
            {
                if (CronSchedule.TryCreate(schedule.Cron, schedule.TimeZone, now, out var fault) is null)
                    faults.Add($"[RecurringJob] on {type.FullName}: {fault}. Fix: correct the attribute");
            }
            return job;
        }
        // Code of the build, and what that needs and is not there.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            faults.Add($"{type.FullName} cannot be read: {exception.Message} Fix: publish the build with all that it needs");
            return null;
        }
    }

    private static Type? TryClose(Type definition, Type[] arguments)
    {
        try
        {
            return definition.MakeGenericType(arguments);
        }
        catch (ArgumentException)
        {
            // They do not meet its constraints.
            return null;
        }
    }

    private static JobFinding FaultOf(string target, string fault, JobFindingSeverity severity)
    {
        var (message, fix) = fault.Split(" Fix: ", 2) is [var what, var how] ? (what, how.TrimEnd('.')) : (fault, "correct the class");
        return new JobFinding
        {
            Kind = JobFindingKind.BuildFault, Severity = severity, Target = target, Message = message, Fix = fix,
        };
    }
}
