using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Features.Queues;

/// <summary>An action on a queue, with its words. All of them ask, and for a reason. A new one is a line of <see cref="All"/>.</summary>
public sealed record ActionOnQueues : ConsoleAction
{
    public static IReadOnlyList<ActionOnQueues> All { get; } =
    [
        new()
        {
            Kind = JobActionKind.PauseQueue,
            Name = static () => QueuesTexts.Pause,
            Button = static () => QueuesTexts.PauseMore,
            On = QueuesTexts.FormatPauseWhat,
            Hint = static () => QueuesTexts.PauseHint,
            Done = QueuesTexts.FormatPauseDone,
            HasEnd = true,
        },
        new()
        {
            Kind = JobActionKind.ResumeQueue,
            Name = static () => QueuesTexts.Resume,
            Button = static () => QueuesTexts.ResumeMore,
            On = QueuesTexts.FormatResumeWhat,
            Hint = static () => QueuesTexts.ResumeHint,
            Done = QueuesTexts.FormatResumeDone,
        },
    ];

    public required Func<string> Button { get; init; }

    /// <summary>Says what is done to which queue.</summary>
    public required Func<string, string> On { get; init; }

    /// <summary>What to know before it is done.</summary>
    public required Func<string> Hint { get; init; }

    /// <summary>Whether it may end after a time.</summary>
    public bool HasEnd { get; init; }
}
