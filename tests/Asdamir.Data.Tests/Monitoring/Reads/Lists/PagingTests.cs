using System.Globalization;
using System.Net;

namespace Asdamir.Data.Tests.Monitoring.Reads.Lists;

public sealed class PagingInMemory() : PagingTests(StorageKind.InMemory);

public sealed class PagingOnSqlite() : PagingTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class PagingOnPostgreSql() : PagingTests(StorageKind.PostgreSql);

public abstract class PagingTests(StorageKind kind) : MonitoringTests(kind)
{
    [Theory]
    [InlineData("")]
    [InlineData("&sort=oldest")]
    [InlineData("&state=Failed&q=%C3%BC%20%26%20x")]
    public async Task Links_LeadThroughAllPages_WithEachJobOnce(string query)
    {
        var crm = await StartAsync();
        var jobs = Enumerable.Range(0, 7).Select(_ => Fail(crm, "ü & x")).ToList();

        List<int> sizes = [];
        List<string> seen = [];
        for (var next = $"{Api.Root}/jobs?pageSize=3{query}"; next is not null;)
        {
            var answer = await crm.AskAsync(next);
            Assert.Equal((HttpStatusCode.OK, "7"), (answer.Status, answer.Header("X-Total-Count")));
            Assert.Null(answer.Header("X-Total-Limit"));
            sizes.Add(answer.Json.GetArrayLength());
            seen.AddRange(answer.Json.Ids());
            Assert.Null(answer.Link("prev"));
            next = answer.Link("next");
        }

        Assert.Equal([3, 3, 1], sizes.Where(size => size > 0));
        Assert.Equal(query.Contains("oldest", StringComparison.Ordinal) ? jobs : jobs.AsEnumerable().Reverse(), seen);
    }

    [Fact]
    public async Task Pages_ByNumber_GiveTheirNeighbours()
    {
        var crm = await StartAsync();
        var jobs = Enumerable.Range(0, 5).Select(_ => Fail(crm)).Reverse().ToList();

        var first = await PageAsync(1);
        var second = await PageAsync(2);
        var third = await PageAsync(3);
        var beyond = await PageAsync(4);

        Assert.Equal(jobs, first.Json.Ids().Concat(second.Json.Ids()).Concat(third.Json.Ids()));
        Assert.Empty(beyond.Json.Ids());
        Assert.Equal((null, $"{Api.Root}/jobs?pageSize=2&page=2"), (first.Link("prev"), first.Link("next")));
        Assert.Equal(
            ($"{Api.Root}/jobs?pageSize=2&page=1", $"{Api.Root}/jobs?pageSize=2&page=3"), (second.Link("prev"), second.Link("next")));
        Assert.Equal((third.Link("prev"), (string?)null), ($"{Api.Root}/jobs?pageSize=2&page=2", third.Link("next")));

        Task<Answer> PageAsync(int page) => crm.AskAsync($"/jobs?pageSize=2&page={page.ToString(CultureInfo.InvariantCulture)}");
    }
}
