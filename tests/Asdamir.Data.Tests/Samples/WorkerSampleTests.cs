using Asdamir.Data.Storage;

namespace Asdamir.Data.Tests.Samples;

/// <summary>Background jobs need no web server.</summary>
public sealed class WorkerSampleTests
{
    [Fact]
    public async Task Worker_ExecutesItsJob_AndEndsWithZeroOnSigterm()
    {
        using var folder = new TemporaryFolder();
        await using var worker = new SampleProcess("Worker", folder);

        await Until.TrueAsync(() => HasSucceeded(worker, folder), "the job of the sample has succeeded", () => worker.Log);
        await worker.StopAsync();

        Assert.Equal(0, worker.ExitCode);
        Assert.DoesNotContain("Now listening on", worker.Log, StringComparison.Ordinal);
        Assert.Contains("API and dashboard: not served", worker.Log, StringComparison.Ordinal);
    }

    private static bool HasSucceeded(SampleProcess worker, TemporaryFolder folder)
    {
        if (worker.HasExited)
            Assert.Fail($"The sample ended with exit code {worker.ExitCode}: {worker.Log}");
        if (!worker.Log.Contains("Application started", StringComparison.Ordinal))
            return false;
        using var storage = new SqliteJobStorage(folder.Sqlite(), new SqliteJobStorageOptions { Migrate = false });
        return storage.GetMonitoringApi().SucceededListCount() > 0;
    }
}
