using Asdamir.Data.HangfireJobs.Isolation;

namespace Asdamir.Data.Tests.Isolation;

public sealed class AppIdentityTests
{
    [Theory]
    [InlineData("", "default", false)]
    [InlineData("crm", "crm", true)]
    public void Queue_IsHangfiresDefault_WhenTheAppHasNone(string appQueue, string queue, bool isIsolated)
    {
        var app = new AppIdentity(appQueue, "");

        Assert.Equal(queue, app.Queue);
        Assert.Equal(isIsolated, app.IsIsolated);
    }

    [Theory]
    [InlineData("", "nightly", "nightly")]
    [InlineData("crm", "nightly", "crm:nightly")]
    [InlineData("crm", "a:b", "crm:a:b")]
    public void StoredRecurringId_CarriesThePrefix_WhenThereIsOne(string prefix, string id, string stored) =>
        Assert.Equal(stored, new AppIdentity("", prefix).StoredRecurringId(id));

    [Theory]
    [InlineData("", "hr:nightly", true)]
    [InlineData("crm", "crm:nightly", true)]
    [InlineData("crm", "crm2:nightly", false)]
    [InlineData("crm", "crm", false)]
    [InlineData("crm", "CRM:nightly", false)]
    [InlineData("crm", "nightly", false)]
    public void HasOwnPrefix_IsTrueForTheWholePrefixOnly_WhenThereIsOne(string prefix, string storedId, bool own) =>
        Assert.Equal(own, new AppIdentity("", prefix).HasOwnPrefix(storedId));
}
