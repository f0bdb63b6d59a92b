using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>
/// An app with jobs on a SQLite file: payments that fail while the gateway is down, a report that continues page by page.
/// </summary>
internal sealed class Shop(IHost host) : IAsyncDisposable
{
    public IHangfireJobService Jobs => host.Services.GetRequiredService<IHangfireJobService>();

    public JobStorage Storage => host.Services.GetRequiredService<JobStorage>();

    public Gateway Gateway => host.Services.GetRequiredService<Gateway>();

    public static async Task<Shop> StartAsync(string file)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Gateway>();
        builder.Services.AddCoreHangfireJobs(options =>
        {
            options.AppQueue = "shop";
            options.RecurringJobIdPrefix = "shop";
            options.ScanEntryAssembly = false;
            options.WorkerCount = 5;
            options.Storage.ConnectionString = $"Data Source={file}";
            options.Retry.Attempts = 0;
        }).AddJob<ChargeCardJob>().AddJob<ReportJob>();
        var host = builder.Build();
        await host.StartAsync();
        return new Shop(host);
    }

    public async Task<string> FailedPaymentAsync(int order)
    {
        var id = Jobs.Enqueue<ChargeCardJob, Charge>(new Charge(order, "4111-secret"));
        await Until.TrueAsync(() => Jobs.Find(id)!.State == JobState.Failed, $"payment {order} fails");
        return id;
    }

    public async ValueTask DisposeAsync()
    {
        Gateway.TurnPages(1_000);
        await host.StopAsync();
        host.Dispose();
    }

    internal sealed record Charge(int Order, string CardToken);

    private sealed class ChargeCardJob(Gateway gateway) : IJob<Charge>
    {
        public Task<JobResult> ExecuteAsync(Charge args, IJobContext ctx, CancellationToken ct = default) =>
            gateway.IsDown
                ? throw new InvalidOperationException($"The payment gateway does not answer for order {args.Order}.")
                : Task.FromResult(JobResult.Success());
    }

    [Limit("printer", MaxRunning = 5)]
    private sealed class ReportJob(Gateway gateway) : IJob<int>
    {
        public async Task<JobResult> ExecuteAsync(int args, IJobContext ctx, CancellationToken ct = default)
        {
            for (var page = 1; page <= args; page++)
            {
                await gateway.WaitForPageAsync(ct);
                ctx.Logger.LogWarning("Page {Page} is written", page);
                ctx.ReportProgress(100.0 * page / args, $"Page {page} of {args}");
            }
            return JobResult.Success(output: new { pages = args });
        }
    }

    /// <summary>A workflow that is begun and not finished.</summary>
    public async Task<string> CloseMonthAsync()
    {
        await using var flow = Jobs.NewWorkflow("Close the month");
        var first = flow.AddMany<ReportJob, int>([1_000, 1_000], options: new JobOptions { Delay = TimeSpan.FromDays(1) });
        flow.Add<ReportJob, int>(1, after: first);
        flow.Add<ReportJob, int>(1, after: first, when: After.Finished);
        return await flow.CommitAsync();
    }

    public string StartReport(int pages) => Jobs.Enqueue<ReportJob, int>(pages);

    public void Declare()
    {
        Jobs.AddOrUpdateRecurring<ReportJob, int>(
            1, "30 2 * * 1-5", new RecurringOptions { Id = "nightly-report", TimeZone = "Europe/Berlin" });
        Jobs.AddOrUpdateRecurring<ReportJob, int>(1, "*/10 * * * *", new RecurringOptions { Id = "often" });
        Jobs.PauseRecurring("often", "The auditors are in the house");
        ((IJobLimits)Storage).ChangeLimit("shop", "printer", 3, "kim", "Two printers are broken");
    }
}

/// <summary>What the jobs of the shop wait for.</summary>
internal sealed class Gateway : IDisposable
{
    private readonly SemaphoreSlim _pages = new(0);

    public volatile bool IsDown = true;

    public void TurnPages(int count) => _pages.Release(count);

    public Task WaitForPageAsync(CancellationToken cancellationToken) => _pages.WaitAsync(cancellationToken);

    public void Dispose() => _pages.Dispose();
}
