using Asdamir.Data.Storage.Conformance;
using Asdamir.Data.Storage.Tests.Storages;
using Hangfire;
using Hangfire.States;

namespace Asdamir.Data.Storage.Tests.Contract;

[NeedsPostgreSql]
public sealed class JobIdsOnPostgreSql() : JobIdTests(static place => OnPostgreSql(place));

public sealed class JobIdsOnSqlite() : JobIdTests(static place => OnSqlite(place));

/// <summary>A job has one id: any other text is the id of no job.</summary>
public abstract class JobIdTests(Func<Place, SqlJobStorage> open) : OwnStorageTests(open)
{
    [Theory]
    [InlineData("0{0}")]
    [InlineData("000{0}")]
    [InlineData("+{0}")]
    [InlineData("-{0}")]
    [InlineData(" {0}")]
    [InlineData("{0} ")]
    [InlineData("{0}.0")]
    [InlineData("0")]
    [InlineData("")]
    public void Job_IsNotFound_ByAnotherText(string format)
    {
        var id = Client.Create(SampleJobs.Text("x"), new EnqueuedState());
        var other = string.Format(System.Globalization.CultureInfo.InvariantCulture, format, id);
        using var connection = Storage.GetConnection();

        Assert.Null(connection.GetJobData(other));
        Assert.Null(connection.GetStateData(other));
        Assert.Null(connection.GetJobParameter(other, "RetryCount"));
        Assert.Null(Storage.GetMonitoringApi().JobDetails(other));
        Assert.False(Client.ChangeState(other, new DeletedState()));
        Assert.Equal("Enqueued", connection.GetStateData(id).Name);
    }
}
