using System.Globalization;
using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>A job, for people.</summary>
internal static class JobPage
{
    private const int LabelWidth = 16;

    public static void Write(Terminal terminal, JobDetails job, IReadOnlyList<JobLogLine>? log)
    {
        Field(terminal, "Job", job.Id);
        Field(terminal, "Job type", job.Name);
        terminal.WriteLine(Label("State") + terminal.Colored(terminal.Safe(job.State), States.ColorOf(job.State)));
        Field(terminal, "Reason", job.Reason);
        Field(terminal, "App", job.App);
        if (job.QueuePause is { } pause)
            Field(terminal, "", $"Its queue is {PauseText.Of(pause)}");
        if (job.UnservedQueue is not null)
            Field(terminal, "", "No running server listens to its queue.");
        if (job.StuckSince is { } stuck)
            Field(terminal, "", $"It continues although its token was cancelled at {Times.Of(stuck)}.");
        Field(terminal, "Created", Times.Of(job.CreatedAt));
        Field(terminal, "Expires", Times.Of(job.ExpiresAt));
        Field(terminal, "Attempt", job.Attempt.ToString(CultureInfo.InvariantCulture));
        Field(terminal, "Priority", job.Priority.ToString(CultureInfo.InvariantCulture));
        Field(terminal, "Recurring job", job.RecurringJobId);
        Field(terminal, "Fairness key", job.FairnessKey);
        Field(terminal, "Limits", string.Join(", ", job.Limits.Select(LimitOf)));
        Field(terminal, "Unique key", job.UniqueKey);
        Field(terminal, "Idempotency key", job.IdempotencyKey);
        Field(terminal, "Workflow", job.WorkflowId);
        Field(terminal, "Continues", job.ParentId);
        Field(terminal, "Continued by", string.Join(", ", job.ChildIds));
        if (job.Progress is { } progress)
            Field(terminal, "Progress", string.Create(CultureInfo.InvariantCulture, $"{progress.Percent} % {progress.Text}"));
        Field(terminal, "Cannot load", job.LoadError);
        Section(terminal, "Arguments", job.FormattedArguments);
        Section(terminal, "Context", Lines(job.Context.ToList(), static value => $"{value.Key} = {value.Value}"));
        Section(terminal, "Output", job.FormattedOutput);
        Section(terminal, "Error", job.Error is { } error ? error.Details ?? $"{error.Type}: {error.Message}" : null);
        Section(terminal, "Steps", Lines(job.Steps, static step => $"{Times.Of(step.EndedAt)}  {step.Name}  {step.Result}"));
        Section(terminal, "Cursors", Lines(job.Cursors, static cursor => $"{Times.Of(cursor.At)}  {cursor.Name} = {cursor.Value}"));
        Section(terminal, "History", Lines(job.History, static entry => $"{Times.Of(entry.At)}  {entry.State}  {entry.Reason}"));
        if (log is null)
            return;
        Section(
            terminal, "Log", Lines(log, static line => $"{Times.Of(line.At)}  {line.Level}  {line.Message}") ?? "No log output.");
    }

    private static string LimitOf(JobLimit limit) => limit.Key is { } key ? $"{limit.Name} ({key})" : limit.Name;

    private static void Field(Terminal terminal, string label, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            terminal.WriteLine(Label(label) + terminal.Safe(value));
    }

    private static void Section(Terminal terminal, string heading, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return;
        terminal.WriteLine();
        terminal.WriteLine(terminal.Colored(heading, Color.Bold));
        terminal.WriteLine(terminal.SafeLines(text));
    }

    private static string Label(string label) => label.PadRight(LabelWidth);

    // A line feed in a value must not look like the next line.
    private static string? Lines<T>(IReadOnlyList<T> items, Func<T, string> line) =>
        items.Count == 0 ? null : string.Join('\n', items.Select(item => new LogText(line(item).TrimEnd()).ToString()));
}
