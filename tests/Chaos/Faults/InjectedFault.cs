using Chaos.Processes;

namespace Chaos.Faults;

/// <summary>A fault that was injected.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="From">When it began.</param>
/// <param name="Target">The process it struck; <see langword="null"/> when all were.</param>
internal sealed record InjectedFault(FaultKind Kind, DateTime From, Life? Target)
{
    // Effects are noticed a little later than their cause.
    private static readonly TimeSpan Echo = TimeSpan.FromSeconds(1);

    /// <summary>When it was over.</summary>
    public DateTime To { get; set; } = DateTime.MaxValue;

    public bool Overlaps(DateTime from, DateTime to) => From <= to && (To == DateTime.MaxValue || To + Echo >= from);

    public bool Strikes(Life life) => Target is null || Target == life;

    public override string ToString() => Target is null ? Kind.Text() : $"{Kind.Text()} ({Target.Name})";
}
