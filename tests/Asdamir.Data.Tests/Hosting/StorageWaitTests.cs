using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Asdamir.Data.Tests.Hosting;

public sealed class StorageWaitTests
{
    [Fact]
    public async Task Start_GivesUp_WhenItsTokenIsCancelledWhileItWaitsForTheStorage()
    {
        using var host = JobHost.Create(_ => { }, options => options.Storage = new()
        {
            Provider = "PostgreSql",
            ConnectionString = "Host=127.0.0.1;Port=1;Database=company;Username=jobs;Timeout=2",
            WhenUnavailable = StorageUnavailable.Retry,
        });
        var logs = host.Services.GetRequiredService<LogCapture>();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var starting = Task.Run(() => host.StartAsync(cancel.Token), TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => logs.With(1501).Any(), "an attempt is logged");
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
    }
}
