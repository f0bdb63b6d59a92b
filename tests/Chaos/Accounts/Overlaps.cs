using Chaos.Faults;

namespace Chaos.Accounts;

/// <summary>Exclusive jobs, and jobs of one unique key, that were executed at the same time.</summary>
internal static class Overlaps
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <param name="groupOf">Executions of one group must not overlap; <see langword="null"/> for those that may.</param>
    /// <returns>
    /// Both executions, and the fault that kept the first one's process from knowing that its job was given to others, or the crash of
    /// the database that undid its claim.
    /// </returns>
    public static IEnumerable<(Execution First, Execution Second, InjectedFault? Reason)> Find(
        IEnumerable<Execution> executions, IReadOnlyList<InjectedFault> faults, Func<Execution, string?> groupOf)
    {
        foreach (var group in executions.GroupBy(execution => groupOf(execution)).Where(static group => group.Key is not null))
        {
            var inOrder = group.OrderBy(static execution => execution.Begun).ToList();
            for (var i = 1; i < inOrder.Count; i++)
            {
                foreach (var earlier in inOrder.Take(i).Where(earlier => earlier.End > inOrder[i].Begun))
                {
                    yield return (earlier, inOrder[i], faults.FirstOrDefault(fault => Explains(fault, earlier, inOrder[..(i + 1)])));
                }
            }
        }
    }

    private static bool Explains(InjectedFault fault, Execution earlier, List<Execution> upToLater) => fault.Target is null
        ? fault.Kind.UndoesClaims()
            && upToLater.Any(again => again.JobId == earlier.JobId && again != earlier && fault.Overlaps(earlier.Begun, again.Begun))
        : fault.Target == earlier.Life && fault.To - fault.From > Lease && fault.Overlaps(earlier.Begun, upToLater[^1].Begun);
}
