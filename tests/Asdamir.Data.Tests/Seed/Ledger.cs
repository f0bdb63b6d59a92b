namespace Asdamir.Data.Tests.Seed;

/// <summary>What the document leaves to the reader: the work itself.</summary>
internal static class Ledger
{
    public static Func<Task> Reconcile { get; set; } = () => Task.CompletedTask;

    public static Task ReconcileAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Reconcile();
    }
}
