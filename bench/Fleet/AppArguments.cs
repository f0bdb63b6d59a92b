using System.Globalization;

namespace Fleet;

/// <summary>A process of an app.</summary>
/// <param name="PerSecond">How many jobs an enqueuer enqueues.</param>
internal sealed record AppArguments(string Role, string System, string App, string ConnectionString, string Ledger, double PerSecond = 0)
{
    public const string Worker = "worker";
    public const string Enqueuer = "enqueuer";

    public bool IsWorker => Role == Worker;

    public static AppArguments Parse(string[] args) =>
        new(args[0], args[1], args[2], args[3], args[4], double.Parse(args[5], CultureInfo.InvariantCulture));

    public string[] ToArgs() => [Role, System, App, ConnectionString, Ledger, PerSecond.ToString(CultureInfo.InvariantCulture)];
}
