using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.AdminConsole.Features.Limits;

/// <summary>An action on a limit: when it is offered, and its words. It always asks for a reason.</summary>
public sealed record ActionOnLimit : ConsoleAction
{
    public static IReadOnlyList<ActionOnLimit> All { get; } =
    [
        new()
        {
            Kind = JobActionKind.ChangeLimit,
            TakesValues = true,
            Name = static () => LimitsTexts.Change,
            Button = static () => LimitsTexts.ChangeMore,
            On = LimitsTexts.FormatChangeWhat,
            Hint = static () => LimitsTexts.ChangeHint,
            Done = LimitsTexts.FormatChangeDone,
        },
        new()
        {
            Kind = JobActionKind.ResetLimit,
            Fits = static limit => limit.IsChanged,
            Name = static () => LimitsTexts.Reset,
            Button = static () => LimitsTexts.ResetMore,
            On = LimitsTexts.FormatResetWhat,
            Hint = static () => LimitsTexts.ResetHint,
            Done = LimitsTexts.FormatResetDone,
        },
    ];

    /// <summary>Whether it is offered for a limit.</summary>
    public Func<LimitSummary, bool> Fits { get; init; } = static _ => true;

    /// <summary>Whether it asks for the number of jobs and the rate.</summary>
    public bool TakesValues { get; init; }

    public required Func<string> Button { get; init; }

    /// <summary>Says what is done to which limit of which app.</summary>
    public required Func<string, string, string> On { get; init; }

    /// <summary>What to know before it is done.</summary>
    public required Func<string> Hint { get; init; }
}
