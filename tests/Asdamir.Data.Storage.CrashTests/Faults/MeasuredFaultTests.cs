using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Hangfire;

namespace Asdamir.Data.Storage.CrashTests.Faults;

/// <summary>What the meter of the storage says of lost answers, broken connections and outages.</summary>
public sealed class MeasuredFaultTests(FaultServer server) : ProxiedStorageTests(server)
{
    private const string Commit = "SET commits = commits + 1";

    private readonly ConcurrentQueue<(string Name, double Value, string? Outcome)> _measured = new();

    [Theory]
    [InlineData(Fault.LoseAnswer, "committed")]
    [InlineData(Fault.LoseRequest, "not_committed")]
    internal void LostAnswer_IsCounted_ByWhatWasFoundOut(Fault fault, string outcome)
    {
        var place = NewPlace();
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage);
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        using var listener = Listen(place.Schema);
        Proxy.Once(Commit, fault);

        client.Enqueue(() => Jobs.Run(place.Schema, 1));

        Assert.Equal(1, Proxy.Faults);
        Assert.Equal(outcome, Assert.Single(Of("asdamir.storage.commit.lost_responses")).Outcome);
        Assert.NotEmpty(Of("asdamir.storage.connections.lost"));
    }

    [Fact]
    public void Outage_IsMeasured_WhenTheDatabaseIsBack()
    {
        var place = NewPlace();
        using var storage = place.Open();
        var client = new BackgroundJobClient(storage) { RetryAttempts = 0 };
        client.Enqueue(() => Jobs.Run(place.Schema, 0));
        using var listener = Listen(place.Schema);
        Proxy.IsDown = true;
        Proxy.Cut();
        Assert.ThrowsAny<Exception>(() => client.Enqueue(() => Jobs.Run(place.Schema, 1)));
        Assert.Empty(Of("asdamir.storage.outage.duration"));
        Proxy.IsDown = false;

        client.Enqueue(() => Jobs.Run(place.Schema, 2));

        Assert.All(Of("asdamir.storage.outage.duration"), static outage => Assert.True(outage.Value > 0));
        Assert.NotEmpty(Of("asdamir.storage.outage.duration"));
    }

    private List<(string Name, double Value, string? Outcome)> Of(string name) => [.. _measured.Where(one => one.Name == name)];

    private MeterListener Listen(string schema)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Asdamir.Data.Storage")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        return listener;

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var named = new Dictionary<string, object?>(tags.ToArray());
            if (((string)named["db.namespace"]!).EndsWith($"|{schema}", StringComparison.Ordinal))
                _measured.Enqueue((instrument.Name, value, (string?)named.GetValueOrDefault("asdamir.outcome")));
        }
    }
}
