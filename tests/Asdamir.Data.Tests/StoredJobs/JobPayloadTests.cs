using System.Diagnostics;
using System.Text.Json;
using Asdamir.Data.HangfireJobs.Catalog;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.Data.Tests.StoredJobs;

public sealed class JobPayloadTests
{
    [Fact]
    public void Read_GivesWhatWasWritten_WithArgumentsCultureAndTrace()
    {
        using var trace = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        trace.TraceStateString = "vendor=1";
        var culture = System.Globalization.CultureInfo.CurrentCulture.Name;

        var payload = JobPayload.Read(JobPayload.Write("""{"a":1.10}"""u8, trace));

        Assert.Equal((1, """{"a":1.10}""", culture), (payload.Version, payload.Args?.GetRawText(), payload.Culture));
        Assert.Equal((trace.Id, "vendor=1"), (payload.TraceParent, payload.TraceState));
    }

    [Fact]
    public void Read_GivesTheTextsOfTheContext_AndIgnoresWhatIsNone()
    {
        var context = JobPayload.WriteContext([new("user", "größe \"x\"")]);

        Assert.Equal("größe \"x\"", JobPayload.Read(JobPayload.Write([], trace: null, context)).Context!["user"]);
        Assert.Equal([new("b", "x")], JobPayload.Read("""{"v":1,"context":{"a":1,"b":"x","c":null}}""").Context!);
        Assert.Null(JobPayload.Read("""{"v":1,"context":"x"}""").Context);
        Assert.Null(JobPayload.ContextOf("x"));
    }

    [Fact]
    public void Read_GivesNoArguments_WhenNoneWereWritten()
    {
        var payload = JobPayload.Read(JobPayload.Write([], trace: null));

        Assert.Null(payload.Args);
        Assert.Null(payload.TraceParent);
    }

    [Fact]
    public void Read_IgnoresUnknownProperties_OfALaterBuildWithTheSameVersion() =>
        Assert.Equal("2", JobPayload.Read("""{"v":1,"new":[1],"args":2,"culture":7}""").Args?.GetRawText());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"v":"1"}""")]
    [InlineData("""{"v":1.5}""")]
    [InlineData("""{"v":1""")]
    [InlineData("""{"v":1,"culture":"\ud800"}""")]
    public void Read_ThrowsJsonException_WhenItIsNoPayload(string? json)
    {
        Assert.ThrowsAny<JsonException>(() => JobPayload.Read(json));
        Assert.Null(JobPayload.ArgumentsOf(json));
    }

    [Fact]
    public void Read_ThrowsJsonException_WhenItIsNoUnicodeText()
    {
        // Not as data of the theory: no runner can pass it on.
        const string Half = "{\"v\":1,\"args\":\"\ud83d\"}";

        Assert.ThrowsAny<JsonException>(() => JobPayload.Read(Half));
        Assert.Null(JobPayload.ArgumentsOf(Half));
    }

    [Fact]
    public void Write_LeavesTextReadable_ForOperators() =>
        Assert.Contains(
            "größe <b> & 'x' +1", JobPayload.Write(JobArguments.Write("größe <b> & 'x' +1", "job", 100), null), StringComparison.Ordinal);
}
