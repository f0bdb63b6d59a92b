using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;

namespace Asdamir.AdminConsole.Tests.Shell;

public sealed class JobListQueryTests
{
    [Theory]
    [InlineData("")]
    [InlineData("?state=Failed&app=crm&queue=mail&name=Send%20it&q=gr%C3%B6%C3%9Fe%20%26%20co&from=2030-01-02T03:04:05Z&to=2030-01-02T03:04:05.1234567Z&sort=oldest&size=200&after=abc")]
    public void Query_WritesWhatItReads(string address)
    {
        var query = Read(address);

        Assert.Empty(query.Faults);
        Assert.Equal(QueryHelpers.ParseQuery(address), QueryHelpers.ParseQuery(new QueryBuilder(query.Parts()!).ToString()));
    }

    [Fact]
    public void MissingAndEmptyValues_HaveTheirDefaults()
    {
        Assert.Equal((null, 50, false), (Read("").State, Read("").Size, Read("").OldestFirst));
        Assert.Empty(Read("?state=&app=&q=%20&from=&size=&sort=newest").Parts());
    }

    [Theory]
    [InlineData("state=Exploded", "state = 'Exploded' is not one of")]
    [InlineData("state=3", "state = '3' is not one of")]
    [InlineData("state=Failed,Deleted", "state = 'Failed,Deleted' is not one of")]
    [InlineData("state=Failed&state=Deleted", "state = 'Failed,Deleted' is not one of")]
    [InlineData("from=yesterday", "from = 'yesterday' is not a time")]
    [InlineData("to=9999-12-31T23:59:59-14:00", "to = '9999-12-31T23:59:59-14:00' is not a time")]
    [InlineData("size=0", "size = '0' is not a number from 1 to 200")]
    [InlineData("size=201", "size = '201' is not a number from 1 to 200")]
    [InlineData("size=-5", "size = '-5' is not a number from 1 to 200")]
    [InlineData("q=a%00b", "'q' is too long or has characters that cannot be searched for.")]
    [InlineData("name=a%0Ab", "'name' is too long or has characters that cannot be searched for.")]
    public void UnknownValues_AreNamedAndLeftOut(string address, string fault)
    {
        var query = Read("?" + address);

        Assert.StartsWith(fault, Assert.Single(query.Faults), StringComparison.Ordinal);
        Assert.Empty(query.Parts());
    }

    [Fact]
    public void TextThatIsTooLong_IsLeftOut()
    {
        Assert.Equal(new string('x', 200), Read("?q=" + new string('x', 200)).Text);
        Assert.Null(Read("?q=" + new string('x', 201)).Text);
    }

    [Fact]
    public void Queue_TakesPrecedenceOverTheApp()
    {
        Assert.Equal("crm", Read("?app=crm").Filter.App);
        Assert.Equal("mail", Read("?app=crm&queue=mail").Filter.App);
    }

    [Fact]
    public void TimesWithoutAZone_AreUTC()
    {
        Assert.Equal(new DateTime(2030, 1, 2, 3, 4, 0, DateTimeKind.Utc), Read("?from=2030-01-02T03:04").From);
        Assert.Equal(DateTimeKind.Utc, Read("?from=2030-01-02T03:04%2B01:00").From!.Value.Kind);
        Assert.Equal(2, Read("?from=2030-01-02T03:04%2B01:00").From!.Value.Hour);
    }

    [Fact]
    public void NamesOfStates_AreReadInAnyCase() => Assert.Equal(JobState.Failed, Read("?state=failed").State);

    private static JobListQuery Read(string address) => JobListQuery.Of(new QueryCollection(QueryHelpers.ParseQuery(address)));
}
