using System.Globalization;
using System.Text;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Testing.Assertions;

/// <summary>Runs and jobs in the messages of failed assertions.</summary>
internal static class RunText
{
    private const int LongestArguments = 200;
    private const int MostLines = 20;

    public static string NotSucceeded(JobRun run)
    {
        var text = new StringBuilder($"{run.JobName} '{run.JobId}' has not succeeded: it is {StateOf(run.State, run.DueAt)}.");
        text.AppendLine();
        if (run.Exception is { } exception)
            text.AppendLine(CultureInfo.InvariantCulture, $"  Exception: {exception.GetType().FullName}: {exception.Message}");
        else if (run.Result?.Message is { } message)
            text.AppendLine(CultureInfo.InvariantCulture, $"  {run.Result.Outcome}: {message}");
        else if (run.Result is null)
            text.AppendLine("  The job was not called.");
        if (run.Reason is { } reason)
            text.AppendLine(CultureInfo.InvariantCulture, $"  Reason: {reason}");
        AddProgress(text, run);
        return text.ToString().TrimEnd();
    }

    /// <summary>How far a job has come.</summary>
    public static void AddProgress(StringBuilder text, JobRun run)
    {
        if (run.Steps.Count > 0)
            text.AppendLine("  Steps done: " + string.Join(", ", run.Steps.Select(static step => step.Name)));
        if (run.Progress is { } progress)
            text.AppendLine(CultureInfo.InvariantCulture, $"  Progress: {progress.Percent}% {progress.Text}");
        if (run.Log.Count == 0)
            return;
        text.AppendLine("  Log:");
        foreach (var line in run.Log.TakeLast(MostLines))
            text.AppendLine(CultureInfo.InvariantCulture, $"    {line.Level}: {line.Message}");
    }

    /// <summary>Jobs, one a line.</summary>
    public static string ListOf(IReadOnlyCollection<EnqueuedJob> jobs)
    {
        var lines = jobs.Take(MostLines).Select(static job => $"  {LineOf(job)}");
        if (jobs.Count > MostLines)
            lines = lines.Append($"  and {jobs.Count - MostLines} more");
        return string.Join(Environment.NewLine, lines);
    }

    private static string LineOf(EnqueuedJob job)
    {
        var arguments = job.ArgumentsJson is { } json ? $" {Cut(json)}" : "";
        var origin = job.ParentId is { } parent ? $", after job {parent}"
            : job.RecurringJobId is { } recurring ? $", of the recurring job {recurring}"
            : "";
        return $"{job.Name} '{job.Id}'{arguments}, {StateOf(job.State, job.DueAt)}{origin}";
    }

    private static string StateOf(JobState state, DateTimeOffset? dueAt) =>
        dueAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"{state} for {at:u}") : state.ToString();

    private static string Cut(string text) =>
        text.Length <= LongestArguments ? text : string.Concat(text.AsSpan(0, LongestArguments), "…");
}
