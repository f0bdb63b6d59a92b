using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Asdamir.Data.Storage.Tests.Telemetry;

/// <summary>What the meter of the storage measured for one place.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly ConcurrentQueue<Measured> _measured = new();
    private readonly MeterListener _listener = new();

    /// <param name="isOfPlace">Whether a <c>db.namespace</c> is that of the place.</param>
    public Measurements(Func<string, bool> isOfPlace)
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Asdamir.Data.Storage")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var measured = new Measured(instrument, value, new Dictionary<string, object?>(tags.ToArray()));
            if (isOfPlace((string)measured.Tags["db.namespace"]!))
                _measured.Enqueue(measured);
        }
    }

    public List<Measured> Of(string name) => [.. _measured.Where(measured => measured.Instrument.Name == name)];

    /// <summary>The value of an instrument that is read when a collector asks.</summary>
    public double Now(string name)
    {
        _measured.Clear();
        _listener.RecordObservableInstruments();
        return Assert.Single(Of(name)).Value;
    }

    public void Dispose() => _listener.Dispose();
}

internal sealed record Measured(Instrument Instrument, double Value, Dictionary<string, object?> Tags);
