using System.Globalization;
using Asdamir.Data.HangfireJobs;

namespace Keys;

/// <summary>What jobs have beside their arguments.</summary>
/// <param name="Name">As the table says it.</param>
/// <param name="OptionsOf">The options of the job with this number.</param>
/// <param name="Floods">Whether the last job has another key than all others.</param>
/// <param name="Limits">Which limits they have.</param>
/// <param name="IsWorkflow">Whether they are stored in one call, and the last one waits for all others.</param>
internal sealed record Variant(
    string Name, Func<int, JobOptions?> OptionsOf, bool Floods = false, Limits Limits = Limits.None, bool IsWorkflow = false)
{
    public static readonly Variant[] All =
    [
        new("nothing", static _ => null),
        new("nothing, again", static _ => null),
        new("a priority", static number => new JobOptions { Priority = number % 10 }),
        new("one fairness key, and a last job with another", static _ => new JobOptions { FairnessKey = "flood" }, Floods: true),
        new("100 fairness keys", static number => new JobOptions { FairnessKey = Text(number % 100) }),
        new("a limit with room", static _ => null, Limits: Limits.Roomy),
        new("a limit for each of 100 keys", static _ => null, Limits: Limits.Keyed),
        new("nothing, beside 100,000 that wait for room", static _ => null, Limits: Limits.Beside),
        new("a workflow, stored in one call, whose last job waits for all others", static _ => null, IsWorkflow: true),
        new("a unique key", static number => new JobOptions { UniqueKey = Text(number) }),
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Which limits the jobs of a measurement have.</summary>
internal enum Limits
{
    None,
    Roomy,
    Keyed,

    /// <summary>None; but 100,000 others wait for room.</summary>
    Beside,
}
