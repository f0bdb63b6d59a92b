using Asdamir.Data.HangfireJobs.Isolation;

namespace Asdamir.Data.Tests.Isolation;

public sealed class NamesTests
{
    private const string Fifty = "12345678901234567890123456789012345678901234567890";

    [Theory]
    [InlineData("crm", null)]
    [InlineData("crm-2_b", null)]
    [InlineData(Fifty, null)]
    [InlineData(Fifty + "1", "longer than 50")]
    [InlineData("", "lowercase")]
    [InlineData("CRM", "lowercase")]
    [InlineData("crm app", "lowercase")]
    [InlineData("crm\n", "lowercase")]
    [InlineData("größe", "lowercase")]
    [InlineData("a.b", "lowercase")]
    public void FaultOfQueue_AllowsWhatEveryStorageAllows_WhenChecked(string queue, string? part) =>
        Check(part, Names.FaultOfQueue(queue));

    [Theory]
    [InlineData("crm", null)]
    [InlineData("Crm.Eu-1_x", null)]
    [InlineData("a:b", "may only contain")]
    [InlineData("a b", "may only contain")]
    [InlineData("crm\n", "may only contain")]
    [InlineData(Fifty + "1", "longer than 50")]
    public void FaultOfPrefix_RefusesTheSeparator_WhenChecked(string prefix, string? part) =>
        Check(part, Names.FaultOfPrefix(prefix));

    [Theory]
    [InlineData("", "nightly", null)]
    [InlineData("", "with space and ümlaut", null)]
    [InlineData("", "", "is empty")]
    [InlineData("", "  ", "is empty")]
    [InlineData("", " a", "starts or ends")]
    [InlineData("", "a\tb", "control character")]
    [InlineData("", Fifty + "123456789012345678901234567890123456", null)]
    [InlineData("", Fifty + "1234567890123456789012345678901234567", "longer than 86")]
    [InlineData("crm", Fifty + "12345678901234567890123456789012", null)]
    [InlineData("crm", Fifty + "123456789012345678901234567890123", "together with the prefix")]
    public void FaultOfRecurringId_CountsThePrefix_WhenChecked(string prefix, string id, string? part) =>
        Check(part, Names.FaultOfRecurringId(id, new AppIdentity("", prefix)));

    [Theory]
    [InlineData("NightlyJob", null)]
    [InlineData(Fifty + Fifty, null)]
    [InlineData(Fifty + Fifty + "1", "longer than 100")]
    [InlineData("", "is empty")]
    [InlineData("a ", "starts or ends")]
    [InlineData("a\u0001b", "control character")]
    public void FaultOfJobName_RefusesWhatNoOneCouldRead_WhenChecked(string name, string? part) =>
        Check(part, Names.FaultOfJobName(name));

    private static void Check(string? part, string? fault)
    {
        if (part is null)
            Assert.Null(fault);
        else
            Assert.Contains(part, fault, StringComparison.Ordinal);
    }
}
