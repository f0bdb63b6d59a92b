namespace Asdamir.Data.Storage.Tests.Contract;

public sealed class JobRateTests
{
    [Theory]
    [InlineData("100/min", 100, 60, "100/min")]
    [InlineData("5/s", 5, 1, "5/s")]
    [InlineData("1/d", 1, 86_400, "1/d")]
    [InlineData("7/h", 7, 3_600, "7/h")]
    [InlineData("10/5min", 10, 300, "10/5min")]
    [InlineData(" 010 / 90 s ", 10, 90, "10/90s")]
    [InlineData("1/60s", 1, 60, "1/min")]
    [InlineData("1000000/31d", 1_000_000, 2_678_400, "1000000/31d")]
    public void Rate_IsReadAndWritten(string text, int starts, int seconds, string written)
    {
        Assert.True(JobRate.TryParse(text, out var rate));
        Assert.Equal(new JobRate(starts, TimeSpan.FromSeconds(seconds)), rate);
        Assert.Equal(written, rate.ToString());
        Assert.Null(JobRate.FaultOf(text));
        Assert.True(JobRate.TryParse(written, out var again));
        Assert.Equal(rate, again);
    }

    [Theory]
    [InlineData(null, "is not a number of starts and a window")]
    [InlineData("", "is not a number of starts and a window")]
    [InlineData("abc", "is not a number of starts and a window")]
    [InlineData("100", "is not a number of starts and a window")]
    [InlineData("100/", "is not a number of starts and a window")]
    [InlineData("/min", "is not a number of starts and a window")]
    [InlineData("-1/min", "is not a number of starts and a window")]
    [InlineData("1.5/min", "is not a number of starts and a window")]
    [InlineData("1e3/min", "is not a number of starts and a window")]
    [InlineData("1/week", "is not a number of starts and a window")]
    [InlineData("1/MIN", "is not a number of starts and a window")]
    [InlineData("1/min\n", "is not a number of starts and a window")]
    [InlineData("\u0661/min", "is not a number of starts and a window")]
    [InlineData("0/min", "number of starts that is not from 1 to 1000000")]
    [InlineData("1000001/min", "number of starts that is not from 1 to 1000000")]
    [InlineData("99999999999999999999999/min", "number of starts that is not from 1 to 1000000")]
    [InlineData("1/0s", "whole seconds from 1s to 31d")]
    [InlineData("1/32d", "whole seconds from 1s to 31d")]
    [InlineData("1/99999999999999999999d", "whole seconds from 1s to 31d")]
    public void Rate_IsRefused_WithTheReason(string? text, string fault)
    {
        Assert.False(JobRate.TryParse(text, out var rate));
        Assert.Null(rate);
        Assert.Contains(fault, JobRate.FaultOf(text), StringComparison.Ordinal);
        Assert.Contains("Fix:", JobRate.FaultOf(text), StringComparison.Ordinal);
    }
}
