using Asdamir.Data.Storage.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace Asdamir.Data.Storage.Tests.Telemetry;

public sealed class StorageTelemetryTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly string _name = $"{Guid.NewGuid():n}";

    [Fact]
    public void Outage_LastsFromTheFirstFailureToTheNextSuccess()
    {
        using var measurements = new Measurements(text => text == _name);
        using var telemetry = new StorageTelemetry("postgresql", _name, _time);
        telemetry.Available(_time.GetTimestamp());
        telemetry.Unavailable();
        _time.Advance(TimeSpan.FromSeconds(2));
        telemetry.Unavailable();
        _time.Advance(TimeSpan.FromSeconds(1));

        telemetry.Claim<int>(static () => []);
        telemetry.Available(_time.GetTimestamp());

        var outage = Assert.Single(measurements.Of("asdamir.storage.outage.duration"));
        Assert.Equal((3, "s"), (outage.Value, outage.Instrument.Unit));
    }

    [Fact]
    public void Outage_DoesNotEnd_WithWorkThatBeganBeforeIt()
    {
        using var measurements = new Measurements(text => text == _name);
        using var telemetry = new StorageTelemetry("postgresql", _name, _time);

        telemetry.Claim<int>(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            telemetry.Unavailable();
            return [];
        });

        Assert.Empty(measurements.Of("asdamir.storage.outage.duration"));
    }

    [Theory]
    [InlineData(true, "committed")]
    [InlineData(false, "not_committed")]
    [InlineData(null, "unknown")]
    public void LostResponse_IsCounted_ByWhatWasFoundOut(bool? isCommitted, string outcome)
    {
        using var measurements = new Measurements(text => text == _name);
        using var telemetry = new StorageTelemetry("postgresql", _name, _time);

        telemetry.ResponseLost(isCommitted);

        var lost = Assert.Single(measurements.Of("asdamir.storage.commit.lost_responses"));
        Assert.Equal((1, "{commit}", outcome), (lost.Value, lost.Instrument.Unit, lost.Tags["asdamir.outcome"]));
    }

    [Fact]
    public void Commit_LastsUntilItFails()
    {
        using var measurements = new Measurements(text => text == _name);
        using var telemetry = new StorageTelemetry("sqlite", _name, _time);

        Assert.Throws<TimeoutException>(() => telemetry.Commit<object>(3, [], () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            throw new TimeoutException();
        }));

        var duration = Assert.Single(measurements.Of("asdamir.storage.commit.duration"));
        Assert.Equal((0.25, "System.TimeoutException"), (duration.Value, duration.Tags["error.type"]));
        Assert.Equal(3, Assert.Single(measurements.Of("asdamir.storage.commit.size")).Value);
    }
}
