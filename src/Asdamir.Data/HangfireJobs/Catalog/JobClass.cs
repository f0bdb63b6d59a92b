using System.Reflection;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Common;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>Reads a job type: its name, contract and attributes.</summary>
internal static class JobClass
{
    public static bool IsJob(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && Contracts(type).Any();

    /// <returns>The descriptor, or <see langword="null"/> when the faults make the class unusable.</returns>
    public static JobDescriptor? TryDescribe(Type type, ICollection<string> faults)
    {
        var contracts = Contracts(type).ToList();
        if (contracts.Count != 1)
        {
            faults.Add(
                $"{type.FullName} implements {contracts.Count} job contracts ({string.Join(", ", contracts)}). "
                    + "Fix: implement exactly one of IJob and IJob<TArgs>.");
            return null;
        }

        var attributes = FilterAttributes(type, contracts[0]);
        var job = new JobDescriptor
        {
            Name = type.GetCustomAttribute<JobNameAttribute>()?.Name ?? TypeName.Of(type),
            Type = type,
            Invoker = JobInvoker.For(contracts[0]),
            FormerNames = [.. type.GetCustomAttributes<FormerlyKnownAsAttribute>().Select(attribute => attribute.Name)],
            Schedules = [.. type.GetCustomAttributes<RecurringJobAttribute>()],
            Filters = [.. attributes.Where(attribute => attribute is not QueueAttribute)],
            Retries = RetryRule.Of(type, faults),
            Queue = attributes.OfType<QueueAttribute>().LastOrDefault()?.Queue,
            Timeout = Timeout(type, faults),
            IsExclusive = type.IsDefined(typeof(ExclusiveJobAttribute), inherit: true),
            Priority = PriorityOf(type, faults),
            Fairness = FairnessOf(type, contracts[0], faults),
            Limits = LimitsOf(type, contracts[0], faults),
            Unique = type.IsDefined(typeof(UniqueAttribute), inherit: true) ? TryUnique(contracts[0]) : null,
            ReplacesUnique = type.GetCustomAttribute<UniqueAttribute>(inherit: true)?.WhenTaken == WhenTaken.Replace,
        };

        if (job is { Limits.Count: > 0, Fairness: not null })
        {
            faults.Add(
                $"{type.FullName} has [Limit], and its arguments have [FairnessKey], which jobs with limits do not observe. "
                    + "Fix: remove one of the two; a [Limit] with a Key keeps one key from taking all room.");
        }
        foreach (var name in job.FormerNames.Prepend(job.Name))
        {
            if (Isolation.Names.FaultOfJobName(name) is { } fault)
                faults.Add($"Job name '{name}' of {type.FullName} {fault}. Fix: correct its [JobName(\"…\")] or [FormerlyKnownAs(\"…\")].");
        }
        if (job.Schedules.Count > 0 && job.Invoker.TakesArguments)
        {
            faults.Add(
                $"{type.FullName} has [RecurringJob], but its jobs need arguments. "
                    + "Fix: implement IJob, or call AddOrUpdateRecurring with arguments.");
        }
        if (job.Invoker.ArgumentType is { } argumentType)
        {
            foreach (var fault in ArgumentContract.FaultsOf(argumentType))
                faults.Add($"The arguments {TypeName.Of(argumentType)} of {type} would not reach the job as they are: {fault}");
        }
        if (attributes.Any(attribute => attribute is DisableConcurrentExecutionAttribute))
        {
            // All jobs share one envelope method, which is what Hangfire's attribute would lock.
            faults.Add(
                $"{type.FullName} has [DisableConcurrentExecution], "
                    + "which would lock all jobs of the schema and hold workers while waiting. Fix: use [ExclusiveJob].");
        }
        if (job.Retries.Count > 0 && attributes.OfType<AutomaticRetryAttribute>().Any())
        {
            faults.Add(
                $"{type.FullName} has both [Retry] and [AutomaticRetry]. "
                    + "Fix: remove [AutomaticRetry]; a [Retry] with On says what its OnlyOn and ExceptOn say.");
        }
        return job;
    }

    // Arguments that cannot be described are a fault anyway.
    private static UniqueArguments? TryUnique(Type contract)
    {
        try
        {
            return UniqueArguments.Of(JobInvoker.For(contract).ArgumentType);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            return new UniqueArguments(null);
        }
    }

    private static IEnumerable<Type> Contracts(Type type) =>
        type.GetInterfaces().Where(contract =>
            contract == typeof(IJob) || (contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IJob<>)));

    private static List<JobFilterAttribute> FilterAttributes(Type type, Type contract)
    {
        var map = type.GetInterfaceMap(contract);
        var execute = map.TargetMethods[Array.FindIndex(map.InterfaceMethods, method => method.Name == nameof(IJob.ExecuteAsync))];
        return
        [
            .. type.GetCustomAttributes<JobFilterAttribute>(inherit: true),
            .. execute.GetCustomAttributes<JobFilterAttribute>(inherit: true)
        ];
    }

    private static int? PriorityOf(Type type, ICollection<string> faults)
    {
        if (type.GetCustomAttribute<PriorityAttribute>()?.Priority is not { } priority)
            return null;
        if (priority is >= JobPriority.First and <= JobPriority.Last)
            return priority;
        faults.Add(
            $"[Priority({priority})] on {type.FullName} is not a number from {JobPriority.First} to {JobPriority.Last}. "
                + $"Fix: use {JobPriority.First} for jobs that come first, and {JobPriority.Last} for those that come last.");
        return null;
    }

    private static KeyArgument? FairnessOf(Type type, Type contract, ICollection<string> faults)
    {
        List<string> members;
        try
        {
            members = ArgumentMember.With<FairnessKeyAttribute>(JobInvoker.For(contract).ArgumentType);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            // Arguments that cannot be described are a fault anyway.
            return null;
        }
        if (members.Count > 1)
        {
            faults.Add(
                $"The arguments of {type.FullName} have [FairnessKey] on several properties: {string.Join(", ", members)}. "
                    + "Fix: keep it on the one whose value names whom a job is for.");
        }
        return members is [var member] ? new KeyArgument(member) : null;
    }

    private static IReadOnlyList<JobLimitOfType> LimitsOf(Type type, Type contract, ICollection<string> faults)
    {
        try
        {
            return JobLimitsOfType.Read(type, JobInvoker.For(contract).ArgumentType, faults);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            // Arguments that cannot be described are a fault anyway.
            return [];
        }
    }

    private static TimeSpan? Timeout(Type type, ICollection<string> faults)
    {
        if (type.GetCustomAttribute<JobTimeoutAttribute>()?.Timeout is not { } text)
            return null;
        if (DurationText.TryRead(text, out var timeout))
            return timeout;
        faults.Add(
            $"[JobTimeout(\"{text}\")] on {type.FullName} is not {DurationText.Range}. "
                + "Fix: write for example [JobTimeout(\"00:05:00\")].");
        return null;
    }
}
