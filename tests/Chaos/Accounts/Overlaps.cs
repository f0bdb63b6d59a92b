using Chaos.Faults;

namespace Chaos.Accounts;

/// <summary>Exclusive jobs, and jobs of one unique key, that were executed at the same time.</summary>
internal static class Overlaps
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <param name="executions">All executions.</param>
    /// <param name="faults">All faults.</param>
    /// <param name="groupOf">Executions of one group must not overlap; <see langword="null"/> for those that may.</param>
    /// <param name="most">How many of a group may be executed at the same time.</param>
    /// <returns>
    /// Both executions, and the fault that kept the first one's process from knowing that its job was given to others, or the crash of
    /// the database that undid its claim.
    /// </returns>
    public static IEnumerable<(Execution First, Execution Second, InjectedFault? Reason)> Find(
        IEnumerable<Execution> executions, IReadOnlyList<InjectedFault> faults, Func<Execution, string?> groupOf, int most = 1)
    {
        foreach (var group in executions.GroupBy(execution => groupOf(execution)).Where(static group => group.Key is not null))
        {
            var inOrder = group.OrderBy(static execution => execution.Begun).ToList();
            for (var i = 1; i < inOrder.Count; i++)
            {
                var running = inOrder.Take(i).Where(earlier => earlier.End > inOrder[i].Begun).ToList();
                // Those whose process did not know that its job was given to others do not count.
                var overlaps = running
                    .Select(earlier => (earlier, inOrder[i], faults.FirstOrDefault(fault => Explains(fault, earlier, inOrder[..(i + 1)]))))
                    .OrderBy(static overlap => overlap.Item3 is null)
                    .ToList();
                foreach (var overlap in overlaps.Take(running.Count + 1 - most))
                    yield return overlap;
            }
        }
    }

    private static bool Explains(InjectedFault fault, Execution earlier, List<Execution> upToLater) => fault.Target is null
        ? fault.Kind.UndoesClaims()
            && upToLater.Any(again => again.JobId == earlier.JobId && again != earlier && fault.Overlaps(earlier.Begun, again.Begun))
        : fault.Target == earlier.Life && fault.To - fault.From > Lease && fault.Overlaps(earlier.Begun, upToLater[^1].Begun);
}
