using System.Diagnostics.Metrics;
using Npgsql;

namespace Asdamir.Data.Storage.CrashTests.Faults;

/// <summary>How many connections of a pool are idle, as the driver itself counts them.</summary>
internal sealed class IdleConnections : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly string _port;
    private int _count;

    /// <param name="connectionString">Of the pool, which has its own port.</param>
    public IdleConnections(string connectionString)
    {
        _port = $"Port={new NpgsqlConnectionStringBuilder(connectionString).Port};";
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Npgsql", Name: "db.client.connection.count" })
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((_, count, tags, _) =>
        {
            var text = tags.ToArray().ToDictionary(static tag => tag.Key, static tag => $"{tag.Value};");
            if (text["db.client.connection.state"] == "idle;"
                && text["db.client.connection.pool.name"].Contains(_port, StringComparison.Ordinal))
            {
                _count += count;
            }
        });
        _listener.Start();
    }

    public int Count
    {
        get
        {
            _count = 0;
            _listener.RecordObservableInstruments();
            return _count;
        }
    }

    public void Dispose() => _listener.Dispose();
}
