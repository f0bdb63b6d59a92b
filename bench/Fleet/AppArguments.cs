using System.Globalization;

namespace Fleet;

/// <summary>A process of an app.</summary>
/// <param name="Ledger">The beginning of the paths of its ledgers.</param>
/// <param name="PerSecond">How many jobs an enqueuer enqueues.</param>
internal sealed record AppArguments(string Role, string System, string App, string ConnectionString, string Ledger, double PerSecond = 0)
{
    public const string Worker = "worker";
    public const string Enqueuer = "enqueuer";

    /// <summary>Works and enqueues.</summary>
    public const string Both = "both";

    public bool IsWorker => Role != Enqueuer;

    public bool IsEnqueuer => Role != Worker;

    /// <summary>Where a worker notes which jobs began.</summary>
    public string BegunLedger => LedgerOf(Ledger, Worker);

    /// <summary>Where an enqueuer notes which jobs it enqueued.</summary>
    public string EnqueuedLedger => LedgerOf(Ledger, Enqueuer);

    public static AppArguments Parse(string[] args) =>
        new(args[0], args[1], args[2], args[3], args[4], double.Parse(args[5], CultureInfo.InvariantCulture));

    public static string LedgerOf(string ledger, string role) => $"{ledger}.{role}";

    public string[] ToArgs() => [Role, System, App, ConnectionString, Ledger, PerSecond.ToString(CultureInfo.InvariantCulture)];
}
