using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.AdminConsole.Features.Recurring;

/// <summary>
/// An action on a recurring job: when it is offered, its words, and whether it asks first. A new one is a line of <see cref="All"/>.
/// </summary>
public sealed record ActionOnRecurringJob : ConsoleAction
{
    public static IReadOnlyList<ActionOnRecurringJob> All { get; } =
    [
        new()
        {
            Kind = JobActionKind.Trigger,
            Name = static () => RecurringTexts.Trigger,
            Button = static () => RecurringTexts.TriggerMore,
            On = RecurringTexts.FormatTriggerWhat,
            Hint = static () => RecurringTexts.TriggerHint,
            Done = RecurringTexts.FormatTriggerDone,
        },
        new()
        {
            Kind = JobActionKind.Resume,
            Fits = static job => job.Paused,
            Name = static () => RecurringTexts.Resume,
            Button = static () => RecurringTexts.Resume,
            On = RecurringTexts.FormatResumeWhat,
            Done = RecurringTexts.FormatResumeDone,
        },
        new()
        {
            Kind = JobActionKind.Pause,
            Fits = static job => !job.Paused,
            Name = static () => RecurringTexts.Pause,
            Button = static () => RecurringTexts.PauseMore,
            On = RecurringTexts.FormatPauseWhat,
            Hint = static () => RecurringTexts.PauseHint,
            Done = RecurringTexts.FormatPauseDone,
        },
        new()
        {
            Kind = JobActionKind.Remove,
            Name = static () => RecurringTexts.Remove,
            Button = static () => RecurringTexts.RemoveMore,
            On = RecurringTexts.FormatRemoveWhat,
            Hint = static () => RecurringTexts.RemoveHint,
            Done = RecurringTexts.FormatRemoveDone,
        },
    ];

    /// <summary>Whether it is offered for a recurring job.</summary>
    public Func<RecurringJobDetails, bool> Fits { get; init; } = static _ => true;

    public required Func<string> Button { get; init; }

    /// <summary>Says what is done to which recurring job.</summary>
    public required Func<string, string> On { get; init; }

    /// <summary>
    /// What to know before it is done: it asks, and for a reason. <see langword="null"/> for an action that does not ask.
    /// </summary>
    public Func<string>? Hint { get; init; }
}
