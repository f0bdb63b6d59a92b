using Asdamir.Data.Storage.Tests.Storages;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class DecidedSearchOnPostgreSql() : DecidedSearchTests(static place => OnPostgreSql(place));

public sealed class DecidedSearchOnSqlite() : DecidedSearchTests(static place => OnSqlite(place));

/// <summary>Searches in which the caller decides on each job.</summary>
public abstract class DecidedSearchTests(Func<Place, SqlJobStorage> open) : SearchStorageTests(open)
{
    [Theory]
    [InlineData("secret")]
    [InlineData("hay")]
    [InlineData("nothing has this")]
    public void FindAndCount_LookAtTheSameJobs_WhateverTheCallerHides(string text)
    {
        foreach (var state in new[] { "Failed", "Enqueued", "Succeeded", "Failed" })
            Create("crm", "secret", state);
        CreateMany(700, "Failed");
        List<string> found = [], counted = [];

        var page = Storage.Find(new JobQuery { Text = text, Accepts = job => Hide(job, found), Size = 3 });

        Assert.Empty(page.Jobs);
        Assert.Equal((null, false), (page.Next, page.IsPartial));
        Assert.Equal(0, Storage.Count(new JobQuery { Text = text, Accepts = job => Hide(job, counted) }, 10));
        Assert.Equal(704, found.Count);
        Assert.Equal(found, counted);
        Assert.Distinct(found);
        Assert.Equal(Ids(new JobQuery { Size = 1_000 }), found);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Find_ListsWhatTheCallerAccepts_InOrder_OverSeveralPages(bool oldestFirst)
    {
        string[] states = ["Failed", "Enqueued", "Succeeded", "Enqueued", "Deleted", "Enqueued"];
        var all = Enumerable.Range(0, 60).Select(i => Create("crm", "x", states[i % states.Length])).ToList();
        var expected = all.Where(static (_, i) => i % 7 != 0).ToList();
        if (!oldestFirst)
            expected.Reverse();
        var rejected = all.Except(expected).ToHashSet();

        var found = AllPages(new JobQuery { Accepts = job => !rejected.Contains(job.Id), OldestFirst = oldestFirst, Size = 4 });

        Assert.Equal(expected, found.Select(job => job.Id));
    }

    [Fact]
    public void Find_EndsAfterTenThousandJobs_AndContinuesThere_WhenTheCallerDecides()
    {
        var wanted = Create("crm", "needle", "Failed");
        CreateMany(12_000, "Failed");
        var looked = 0;
        var query = new JobQuery
        {
            Accepts = job =>
            {
                looked++;
                return job.Id == wanted;
            },
        };

        var first = Storage.Find(query);

        Assert.Equal((0, true, 10_000), (first.Jobs.Count, first.IsPartial, looked));
        var second = Storage.Find(query with { After = first.Next });
        Assert.Equal(wanted, Assert.Single(second.Jobs).Id);
        Assert.Equal((false, null, 12_001), (second.IsPartial, second.Next, looked));
    }

    private static bool Hide(JobListItem job, List<string> seen)
    {
        seen.Add(job.Id);
        return false;
    }
}
