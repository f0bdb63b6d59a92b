using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.ManualExecution;
using Asdamir.Data.HangfireJobs.Monitoring;
using Microsoft.CSharp.RuntimeBinder;

namespace Asdamir.Data.Testing.Assertions;

/// <summary>What tests expect of the jobs that were created, and what a failed expectation says.</summary>
internal sealed class Expectations(JobReader reader, ManualJobServer server, IJobMonitor monitor, Func<string, bool> isOfTest)
{
    /// <summary>The jobs of a type that match, and all jobs. Those that the test itself has run are left out.</summary>
    public (IReadOnlyList<EnqueuedJob> Matching, IReadOnlyList<EnqueuedJob> All) Find(Type jobType, JobCondition? condition)
    {
        var name = server.NameOf(jobType);
        IReadOnlyList<EnqueuedJob> all = [.. Wait(reader.AllAsync()).Where(job => !isOfTest(job.Id))];
        return ([.. all.Where(job => job.Name == name && (condition is null || Matches(job, jobType, condition)))], all);
    }

    public EnqueuedJob One(Type jobType, JobCondition? condition)
    {
        var (matching, all) = Find(jobType, condition);
        return matching switch
        {
            [var only] => only,
            [] => throw new JobAssertionException($"No {jobType.Name} was enqueued{Where(condition)}.{Instead(all)}"),
            _ => throw new JobAssertionException(
                $"One {jobType.Name} was expected{Where(condition)}, and {matching.Count} were enqueued:{Environment.NewLine}"
                + RunText.ListOf(matching)),
        };
    }

    public void None(Type jobType, JobCondition? condition)
    {
        if (Find(jobType, condition).Matching is { Count: > 0 } matching)
        {
            throw new JobAssertionException(
                $"No {jobType.Name} was expected{Where(condition)}, and {matching.Count} {(matching.Count == 1 ? "was" : "were")} "
                + $"enqueued:{Environment.NewLine}{RunText.ListOf(matching)}");
        }
    }

    public RecurringJobDetails Recurring(Type jobType, string? id)
    {
        var name = server.NameOf(jobType);
        var storedId = id is null ? null : server.StoredRecurringId(id);
        var all = Wait(monitor.GetRecurringJobsAsync());
        return all.Where(job => job.Name == name && (storedId is null || job.Id == storedId)).ToList() switch
        {
            [var only] => only,
            [] => throw new JobAssertionException(
                $"{jobType.Name} has no schedule{(id is null ? "" : $" '{id}'")}.{Schedules(all, " The schedules are:")}"),
            var several => throw new JobAssertionException(
                $"{jobType.Name} has {several.Count} schedules. Fix: pass the id of one.{Schedules(several, "")}"),
        };
    }

    private static bool Matches(EnqueuedJob job, Type jobType, JobCondition condition)
    {
        try
        {
            return condition.Test(job.ArgumentsAs(condition.ArgumentsOf(jobType)));
        }
        catch (RuntimeBinderException exception)
        {
            throw new JobAssertionException(
                $"The condition {condition.Text} cannot be tested on the arguments of {jobType.Name}: {exception.Message}. Fix: correct "
                + $"it, or let the compiler check it with Enqueued<{jobType.Name}, {condition.ArgumentsOf(jobType).Name}>(…).",
                exception);
        }
    }

    private static string Where(JobCondition? condition) => condition is null ? "" : $" with {condition.Text}";

    private static string Instead(IReadOnlyList<EnqueuedJob> all) =>
        all.Count == 0 ? " Nothing was enqueued." : $" Enqueued were:{Environment.NewLine}{RunText.ListOf(all)}";

    private static string Schedules(IReadOnlyCollection<RecurringJobDetails> all, string heading)
    {
        if (all.Count == 0)
            return " The app has no schedules.";
        var lines = all.Select(static job => string.Create(
            CultureInfo.InvariantCulture, $"  {job.Id}: {job.Name}, {job.Cron} ({job.TimeZoneId}), next at {job.NextExecution:u}"));
        return heading + Environment.NewLine + string.Join(Environment.NewLine, lines);
    }

    // The monitor works on its own threads, so nothing that it awaits needs this one.
    private static T Wait<T>(Task<T> reading) => Task.Run(() => reading).GetAwaiter().GetResult();
}
