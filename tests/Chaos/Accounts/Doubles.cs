using Chaos.Faults;

namespace Chaos.Accounts;

/// <summary>Attempts that were begun again, and what made it necessary.</summary>
internal sealed class Doubles
{
    public Doubles(IEnumerable<Execution> executions, IReadOnlyList<InjectedFault> faults)
    {
        foreach (var job in executions.GroupBy(static execution => execution.JobId))
        {
            var inOrder = job.OrderBy(static execution => execution.Begun).ToList();
            foreach (var (before, again) in inOrder.Zip(inOrder.Skip(1)))
            {
                // A failed attempt and the next one: nothing is begun twice.
                if (before.Outcome == "failed" && again.Attempt == before.Attempt + 1)
                    continue;
                All.Add((again, Reason(before, again, faults)));
                if (before.IsDone && again.IsDone)
                    DoneAgain++;
            }
        }
    }

    public List<(Execution Again, InjectedFault? Reason)> All { get; } = [];

    /// <summary>
    /// How many were begun again although they had been done: the process or the database ended before that was committed.
    /// </summary>
    public int DoneAgain { get; }

    private static InjectedFault? Reason(Execution before, Execution again, IReadOnlyList<InjectedFault> faults) => faults
        .Where(fault => fault.Strikes(before.Life) && fault.Overlaps(before.Begun, again.Begun))
        .OrderBy(static fault => fault.Target is null)
        .ThenBy(static fault => fault.Kind)
        .FirstOrDefault();
}
