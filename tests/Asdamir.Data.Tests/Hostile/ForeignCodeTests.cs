using System.Globalization;
using System.Net;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests.Monitoring;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Tests.Hostile;

public sealed class ForeignCodeOnSqlite() : ForeignCodeTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class ForeignCodeOnPostgreSql() : ForeignCodeTests(StorageKind.PostgreSql);

/// <summary>Code that a row of the schema names is neither executed nor loaded, by whatever way the row comes to a server.</summary>
public abstract class ForeignCodeTests(StorageKind kind) : MonitoringTests(kind)
{
    private Intruder _intruder = null!;
    private StoredTables _tables = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _intruder = new Intruder(Kind, ConnectionString, Schema);
        _tables = new StoredTables(Kind, ConnectionString, Schema);
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _tables.DisposeAsync();
        _intruder.Dispose();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AQueuedRow_FailsUnloaded(bool isUnknownType)
    {
        var id = _intruder.Create(_intruder.Shell("crm"), new EnqueuedState("crm"));
        if (isUnknownType)
            await _intruder.SetTypeAsync(_tables, id);

        var crm = await StartServerAsync();

        await UntilRefusedAsync(id);
        var details = await crm.ReadAsync($"/jobs/{id}");
        Assert.Equal(isUnknownType ? "Trap.Start" : "Process.Start", details.Text("name"));
        Assert.Equal(1, CountOfStates(id, "Failed"));
    }

    [Fact]
    public async Task AQueuedRow_FailsUnloaded_WhenItsOwnQueueIsNotStored()
    {
        var id = _intruder.Create(_intruder.Shell(null), new EnqueuedState("crm"));

        await StartServerAsync();

        await UntilRefusedAsync(id);
    }

    [Theory]
    [InlineData("Scheduled")]
    [InlineData("Processing")]
    public async Task ARowInAnotherState_FailsUnloaded_WhenAWorkerTakesIt(string state)
    {
        var id = _intruder.Create(
            _intruder.Shell("crm"), state == "Scheduled" ? new ScheduledState(TimeSpan.Zero) : new EnqueuedState("crm"));
        if (state == "Processing")
        {
            await _tables.ExecuteAsync(
                $"UPDATE {_tables.Name("job")} SET state = 'Processing' WHERE id = @id",
                ("@id", long.Parse(id, CultureInfo.InvariantCulture)));
        }

        await StartServerAsync();

        await UntilRefusedAsync(id);
    }

    [Fact]
    public async Task ADueRowWithoutAQueue_IsMovedToTheDefaultQueueUnloaded()
    {
        var id = _intruder.Create(_intruder.Shell(null), new ScheduledState(TimeSpan.Zero));
        await _intruder.SetTypeAsync(_tables, id);

        await StartServerAsync();

        await Until.TrueAsync(() => _intruder.StateOf(id).Name == EnqueuedState.StateName, "the job is moved");
        Assert.Equal(1, _intruder.Storage.GetMonitoringApi().EnqueuedCount("default"));
        AssertUntouched();
    }

    [Fact]
    public async Task AStray_IsHandedBackUnloaded()
    {
        var id = _intruder.Create(_intruder.Shell("hr"), new EnqueuedState("crm"));
        await _intruder.SetTypeAsync(_tables, id);

        await StartServerAsync();

        await Until.TrueAsync(
            () => _intruder.StateOf(id).Reason == "Handed back to queue 'hr', where it belongs", "the job is handed back");
        Assert.Equal(1, _intruder.Storage.GetMonitoringApi().EnqueuedCount("hr"));
        AssertUntouched();
    }

    [Theory]
    [InlineData("NO SUCH QUEUE")]
    [InlineData("<b>")]
    public async Task ARowOfAnImpossibleQueue_FailsUnloaded(string queue)
    {
        var id = _intruder.Create(_intruder.Shell("crm"), new EnqueuedState("crm"));
        await _tables.ExecuteAsync(
            $"UPDATE {_tables.Name("job")} SET job_queue = @queue WHERE id = @id", ("@queue", queue),
            ("@id", long.Parse(id, CultureInfo.InvariantCulture)));

        await StartServerAsync();

        await UntilRefusedAsync(id);
    }

    [Fact]
    public async Task AChild_IsMovedUnloaded_AndFails()
    {
        var crm = await StartServerAsync();
        var parent = crm.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        var child = _intruder.Create(_intruder.Shell("crm"), new AwaitingState(parent, new EnqueuedState("crm")));
        await _intruder.SetTypeAsync(_tables, child);

        Assert.Equal(HttpStatusCode.OK, (await crm.PostAsync($"/jobs/{parent}/requeue")).Status);

        await crm.UntilAsync(parent, JobState.Succeeded);
        await UntilRefusedAsync(child);
    }

    [Fact]
    public async Task AChild_FailsUnloaded_WhenItsNextStateNamesAType()
    {
        var crm = await StartServerAsync();
        var parent = crm.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        var child = crm.Jobs.ContinueWith<IdleJob>(parent);
        await _tables.ExecuteAsync(
            $"UPDATE {_tables.Name("job")} SET state_data = @data WHERE id = @id",
            ("@data", $$"""{"ParentId":"{{parent}}","NextState":"{\"$type\":\"{{_intruder.TypeName}}\"}","Options":"1"}"""),
            ("@id", long.Parse(child, CultureInfo.InvariantCulture)));

        Assert.Equal(HttpStatusCode.OK, (await crm.PostAsync($"/jobs/{parent}/requeue")).Status);

        await crm.UntilAsync(parent, JobState.Succeeded);
        await Until.TrueAsync(() => _intruder.StateOf(child).Name == FailedState.StateName, "the child fails");
        AssertUntouched();
    }

    [Fact]
    public async Task AListOfChildrenThatNamesAType_IsReadWithoutIt()
    {
        var crm = await StartServerAsync();
        var parent = crm.Jobs.Schedule<IdleJob>(TimeSpan.FromHours(1));
        var child = crm.Jobs.ContinueWith<IdleJob>(parent);
        using (var connection = _intruder.Storage.GetConnection())
        {
            connection.SetJobParameter(
                parent, "Continuations", $$"""[{"$type":"{{_intruder.TypeName}}","JobId":"{{child}}","Options":1}]""");
        }

        Assert.Equal(HttpStatusCode.OK, (await crm.PostAsync($"/jobs/{parent}/requeue")).Status);

        await crm.UntilAsync(child, JobState.Succeeded);
        AssertUntouched();
    }

    [Fact]
    public async Task ARecurringJob_IsNeitherFiredNorDisabled_AndOthersFire()
    {
        _intruder.AddRecurring("crm:shell", "crm");
        _intruder.AddRecurring("crm:trap", "crm", _intruder.TypeName);
        using (var connection = _intruder.Storage.GetConnection())
        using (var transaction = connection.CreateWriteTransaction())
        {
            // Before all others.
            transaction.AddToSet("recurring-jobs", "crm:shell", 0);
            transaction.AddToSet("recurring-jobs", "crm:trap", 0);
            transaction.Commit();
        }
        var crm = await StartServerAsync();
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("* * * * * *", new RecurringOptions { Id = "sound" });

        await Until.TrueAsync(
            async () => (await crm.ReadAsync("/recurring-jobs/crm:sound")).TryGetProperty("lastJobId", out _), "the other one fires");

        foreach (var (name, id) in new[] { ("Process.Start", "crm:shell"), ("Trap.Start", "crm:trap") })
        {
            var entry = await crm.ReadAsync($"/recurring-jobs/{id}");
            Assert.Equal(
                (name, false, false), (entry.Text("name"), entry.TryGetProperty("error", out _), entry.TryGetProperty("lastJobId", out _)));
            Assert.Contains(
                "not a job of this app", (await crm.PostAsync($"/recurring-jobs/{id}/trigger")).Problem(HttpStatusCode.Conflict),
                StringComparison.Ordinal);
        }
        AssertUntouched();
    }

    [Fact]
    public async Task ARequeue_IsRefusedWithAReason()
    {
        var crm = await StartServerAsync();
        var id = _intruder.Create(_intruder.Shell("crm"), new EnqueuedState("crm"));
        await UntilRefusedAsync(id);

        var refusal = (await crm.PostAsync($"/jobs/{id}/requeue")).Problem(HttpStatusCode.Conflict);

        Assert.Contains("'Process.Start' is not a job of this app", refusal, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await crm.PostAsync($"/jobs/{id}/delete")).Status);
        AssertUntouched();
    }

    [Fact]
    public async Task AnEnvelopeWithOtherParameters_FailsUnloaded()
    {
        var crm = await StartAsync();
        var id = crm.Jobs.Enqueue<IdleJob>();
        await _tables.ExecuteAsync(
            $"UPDATE {_tables.Name("invocation")} SET parameter_types = @types", ("@types", $"[\"{_intruder.TypeName}\"]"));

        await StartServerAsync();

        await UntilRefusedAsync(id);
    }

    [Fact]
    public async Task AnotherMethodOfTheEnvelope_FailsUnloaded()
    {
        var crm = await StartAsync();
        var id = crm.Jobs.Enqueue<IdleJob>();
        await _tables.ExecuteAsync($"UPDATE {_tables.Name("invocation")} SET method = 'GetHashCode', parameter_types = '[]'");
        await _tables.ExecuteAsync($"UPDATE {_tables.Name("job")} SET arguments = '[]'");

        await StartServerAsync();

        await UntilRefusedAsync(id);
    }

    private Task<WebHost> StartServerAsync() => StartAsync(configure: static options => options.RunServer = true);

    private async Task UntilRefusedAsync(string id)
    {
        await Until.TrueAsync(() => _intruder.StateOf(id).Name == FailedState.StateName, "the job fails");
        var state = _intruder.StateOf(id);
        Assert.Equal("Not loaded: not a job of this app", state.Reason);
        AssertUntouched();
    }

    private int CountOfStates(string id, string state) =>
        _intruder.Storage.GetMonitoringApi().JobDetails(id).History.Count(entry => entry.StateName == state);

    private void AssertUntouched() => Assert.Equal((false, false), (_intruder.WasExecuted, _intruder.WasResolved));
}
