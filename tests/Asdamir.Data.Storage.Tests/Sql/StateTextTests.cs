using System.Globalization;
using Asdamir.Data.Storage.Sql;

namespace Asdamir.Data.Storage.Tests.Sql;

/// <summary>What is stored of the data of a state is read as it was written.</summary>
public sealed class StateTextTests
{
    private static readonly DateTime Time = new DateTime(2026, 11, 26, 20, 30, 15, DateTimeKind.Utc).AddTicks(1_234_567);
    private static readonly long At = Micros.Of(Time) + 250;

    private static string Iso => Time.ToString("O", CultureInfo.InvariantCulture);

    private static string Milliseconds => (Micros.Of(Time) / 1000).ToString(CultureInfo.InvariantCulture);

    public static TheoryData<string, string[], string> Usual => new()
    {
        { "Enqueued", ["EnqueuedAt", Iso, "Queue", "crm"], "7250\tcrm" },
        { "Enqueued", ["EnqueuedAt", Milliseconds, "Queue", "c\trm"], "m\tc\trm" },
        { "Processing", ["StartedAt", Iso, "ServerId", "web-1:7:a\tb", "WorkerId", "claim-12.1"], "7250\tweb-1:7:a\tb\tclaim-12.1" },
        { "Succeeded", ["SucceededAt", Iso, "PerformanceDuration", "3", "Latency", "-12"], "7250\t3\t-12" },
        { "Succeeded", ["SucceededAt", "1", "PerformanceDuration", "3", "Latency", "1"], $"m{At - 1000}\t3\t1" },
    };

    public static TheoryData<string, string?[]> Unusual => new()
    {
        { "Enqueued", [] },
        { "Enqueued", ["Queue", "crm", "EnqueuedAt", Iso] },
        { "Enqueued", ["EnqueuedAt", Iso, "Queue", "crm", "Note", "x"] },
        { "Enqueued", ["EnqueuedAt", "0" + Milliseconds, "Queue", "crm"] },
        { "Enqueued", ["EnqueuedAt", Iso.TrimEnd('Z'), "Queue", "crm"] },
        { "Enqueued", ["EnqueuedAt", Time.AddHours(1).ToString("O", CultureInfo.InvariantCulture), "Queue", "crm"] },
        { "Enqueued", ["EnqueuedAt", Iso, "Queue", null] },
        { "Processing", ["StartedAt", Iso, "ServerId", "web-1", "WorkerId", "a\tb"] },
        { "Failed", ["FailedAt", Iso] },
    };

    [Theory]
    [MemberData(nameof(Usual))]
    public void Data_OfTheUsualStates_IsWrittenWithoutWhatNameAndTimeTell(string name, string[] data, string text)
    {
        Assert.Equal(text, StateText.Write(name, At, Of(data)!));
        Assert.Equal(Of(data), StateText.Read(name, At, text));
    }

    [Theory]
    [MemberData(nameof(Unusual))]
    public void Data_OfAnyOtherKind_IsWrittenAsJson(string name, string?[] data)
    {
        var text = StateText.Write(name, At, Of(data)!);

        Assert.Equal('{', text[0]);
        Assert.Equal(Of(data), StateText.Read(name, At, text));
    }

    [Theory]
    [InlineData("Enqueued", null)]
    [InlineData("Enqueued", "")]
    [InlineData("Enqueued", "no data")]
    [InlineData("Processing", "7\tserver without a worker")]
    [InlineData("Processing", "7x\tserver\tworker")]
    [InlineData("Enqueued", "\tcrm")]
    [InlineData("Failed", "7x")]
    [InlineData(null, "7x")]
    public void Anything_ElseReadsAsEmpty(string? name, string? text)
    {
        Assert.Empty(StateText.Read(name, At, text));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(null)]
    public void ImpossibleTime_IsRead(long? at)
    {
        Assert.Equal("crm", StateText.Read("Enqueued", at, "79\tcrm")["Queue"]);
        Assert.Equal("crm", StateText.Read("Enqueued", at, "m9\tcrm")["Queue"]);
    }

    private static Dictionary<string, string> Of(string?[] data) =>
        data.Chunk(2).ToDictionary(static pair => pair[0]!, static pair => pair[1]!, StringComparer.Ordinal);
}
