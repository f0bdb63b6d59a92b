using System.Globalization;
using Asdamir.Data.Storage;

namespace Apps.Storage;

/// <summary>The command line, as <c>name=value</c>.</summary>
public sealed class Settings(IEnumerable<string> arguments)
{
    private readonly Dictionary<string, string> _values = arguments
        .Select(static argument => argument.Split('=', 2))
        .ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal);

    public string Mode => Text("mode");

    public string Ledger => Text("ledger");

    public int Threads => Number("threads", 4);

    public int Count => Number("count", int.MaxValue);

    public bool IsDeadly => Number("deadly", 0) == 1;

    public bool IsPoolBusy => Number("busy", 0) == 1;

    public TimeSpan Pause => TimeSpan.FromMilliseconds(Number("pause", 0));

    public TimeSpan ShutdownTimeout => TimeSpan.FromSeconds(Number("shutdown", 15));

    public SqlJobStorage Open()
    {
        var lease = TimeSpan.FromSeconds(Number("lease", 30));
        return Text("database") == "sqlite"
            ? new SqliteJobStorage(Text("connection"), new SqliteJobStorageOptions { LeaseTimeout = lease })
            : new PostgreSqlJobStorage(
                Text("connection"),
                new PostgreSqlJobStorageOptions { Schema = Text("schema"), LeaseTimeout = lease, PollInterval = TimeSpan.FromSeconds(1) });
    }

    private string Text(string name) => _values[name];

    private int Number(string name, int otherwise) =>
        _values.TryGetValue(name, out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
