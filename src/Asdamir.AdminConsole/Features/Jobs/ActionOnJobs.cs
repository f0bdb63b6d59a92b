using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Features.Operations;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.AdminConsole.Features.Jobs;

/// <summary>
/// An action on jobs: the states in which it is offered, its words, and when it asks first. A new one is a line of <see cref="All"/>.
/// </summary>
public sealed record ActionOnJobs : ConsoleAction
{
    public static IReadOnlyList<ActionOnJobs> All { get; } =
    [
        new()
        {
            Kind = JobActionKind.Requeue,
            Fits = static state => state is "Failed" or "Deleted" or "Succeeded" or "Scheduled",
            WithoutQuestion = ActionLimits.WithoutQuestion,
            Name = static () => JobsTexts.Requeue,
            Button = static () => JobsTexts.Requeue,
            ButtonForAll = static () => JobsTexts.RequeueAll,
            On = static count => count == 1 ? JobsTexts.RequeueOne : JobsTexts.FormatRequeueMany(Counts.Exact(count)),
            Done = JobsTexts.FormatRequeueDone,
        },
        new()
        {
            Kind = JobActionKind.Delete,
            Fits = static state => state != "Deleted",
            IsDangerous = true,
            Name = static () => JobsTexts.Delete,
            Button = static () => JobsTexts.DeleteMore,
            ButtonForAll = static () => JobsTexts.DeleteAll,
            On = static count => count == 1 ? JobsTexts.DeleteOne : JobsTexts.FormatDeleteMany(Counts.Exact(count)),
            Done = JobsTexts.FormatDeleteDone,
        },
    ];

    /// <summary>Whether it is offered for jobs in a state.</summary>
    public required Func<string, bool> Fits { get; init; }

    /// <summary>Whether it is offered for all jobs that match.</summary>
    internal bool FitsAll(JobListQuery query) => query.State is { } state && Fits(state.ToString()) && (query.IsFiltered || !IsDangerous);

    /// <summary>The most chosen jobs for which it does not ask.</summary>
    public int WithoutQuestion { get; init; }

    /// <summary>Whether it cannot be undone. Then it is not offered for all jobs of a state.</summary>
    public bool IsDangerous { get; init; }

    public required Func<string> Button { get; init; }

    public required Func<string> ButtonForAll { get; init; }

    /// <summary>Says what is done to how many jobs.</summary>
    public required Func<long, string> On { get; init; }

    /// <summary>Its value in forms, for all jobs that match.</summary>
    public string VerbForAll => $"{Verb}-all";

    /// <summary>The style of the button that carries it out.</summary>
    public string Style => IsDangerous ? "danger" : "primary";
}
