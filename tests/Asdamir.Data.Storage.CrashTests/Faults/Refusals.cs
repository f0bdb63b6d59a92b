using Hangfire;

namespace Asdamir.Data.Storage.CrashTests.Faults;

/// <summary>The error of a storage that cannot be used: where it is and what to do, and no secret.</summary>
internal static class Refusals
{
    /// <summary>Part of the connection strings under test; it must not stand in any error.</summary>
    public const string Password = "the-secret";

    /// <returns>The message.</returns>
    public static string Of(Action use, string named = "127.0.0.1", JobStorageFault? fault = null)
    {
        var unavailable = Assert.IsType<JobStorageUnavailableException>(Record(use));
        Assert.Contains(named, unavailable.Message, StringComparison.Ordinal);
        Assert.Contains("Fix:", unavailable.Message, StringComparison.Ordinal);
        Assert.False(unavailable.MayBeCommitted);
        if (fault is { } expected)
            Assert.Equal(expected, unavailable.Fault);
        return unavailable.Message;
    }

    public static Exception Record(Action use)
    {
        var exception = Assert.ThrowsAny<Exception>(use);
        Assert.DoesNotContain(Password, exception.ToString(), StringComparison.Ordinal);
        return exception is BackgroundJobClientException ? exception.InnerException! : exception;
    }
}
