namespace Asdamir.Data.Storage.Tests.Contract;

public sealed class ErrorFingerprintTests
{
    private const string Type = "System.InvalidOperationException";

    private const string Details = """
        System.InvalidOperationException: no
           at System.ThrowHelper.Throw(String text)
           at Shop.Payments.Gateway.<Charge>d__12.MoveNext() in /src/Gateway.cs:line 42
           at Shop.ChargeCardJob.ExecuteAsync(Charge args)
           at Asdamir.Data.HangfireJobs.Execution.JobExecutor.InvokeAsync()
        """;

    [Theory]
    [InlineData("Order 4711 is locked", "Order 4712 is locked")]
    [InlineData("Job 7f8c2a1e-0000-4000-8000-123456789abc failed", "Job 0b8c2a1e-0000-4000-8000-cba987654321 failed")]
    [InlineData("Cannot read 'anna.txt' of \"shop\"", "Cannot read 'ben.txt' of \"mail\"")]
    [InlineData("Refused Host=db;Password=two words;Database=x", "Refused Host=db;Password=other;Database=x")]
    [InlineData("Token: secret is not valid", "Token: other is not valid")]
    [InlineData("Exit of copy -p secret -v", "Exit of copy -p other -v")]
    public void Fingerprint_IsTheSame_WhenMessagesDifferInNumbersIdsAndValues(string one, string other) =>
        Assert.Equal(ErrorFingerprint.Of(Type, one, Details), ErrorFingerprint.Of(Type, other, Details));

    [Fact]
    public void Fingerprint_Differs_WhenTypeWordsOrOwnMethodsDo()
    {
        string[] all =
        [
            ErrorFingerprint.Of(Type, "The order is locked", Details), ErrorFingerprint.Of("Other", "The order is locked", Details),
            ErrorFingerprint.Of(Type, "The order is gone", Details), ErrorFingerprint.Of(Type, "Shop: the order is locked", Details),
            ErrorFingerprint.Of(Type, "Shop: the order is gone", Details),
            ErrorFingerprint.Of(Type, "The order is locked", Details.Replace("<Charge>", "<Refund>", StringComparison.Ordinal)),
            ErrorFingerprint.Of(Type, "The order is locked", null), ErrorFingerprint.Of(null, null, null),
        ];

        Assert.Distinct(all);
        Assert.All(all, static one => Assert.Matches("^[0-9a-f]{16}$", one));
    }

    [Theory]
    [InlineData("line 42", "line 43")]
    [InlineData("d__12", "d__13")]
    [InlineData("System.ThrowHelper.Throw", "System.ThrowHelper.ThrowOther")]
    [InlineData("JobExecutor.InvokeAsync", "JobExecutor.ExecuteAsync")]
    public void Fingerprint_IsTheSame_WhenLinesAndForeignMethodsDiffer(string one, string other) =>
        Assert.Equal(
            ErrorFingerprint.Of(Type, "no", Details),
            ErrorFingerprint.Of(Type, "no", Details.Replace(one, other, StringComparison.Ordinal)));
}
