using Asdamir.Data.HangfireJobs;
using TwoCompanies.Apps;

namespace TwoCompanies.Acme.Shop;

public sealed class ShopApp : IApp
{
    public string Code => "shop";

    public void AddJobs(IHangfireJobsBuilder jobs) => jobs
        .AddJob<ImportOrdersJob>()
        .AddJob<CapturePaymentJob>()
        .AddJob<SyncInventoryJob>()
        .AddJob<ResizeImageJob>();

    public void Schedule(IHangfireJobService jobs) =>
        jobs.AddOrUpdateRecurring<SyncInventoryJob>("* * * * *", new RecurringOptions { TimeZone = "Europe/Berlin" });

    public void Receive(IHangfireJobService jobs, long second)
    {
        if (second % 4 == 0)
            jobs.Enqueue<ImportOrdersJob, ImportOrders>(
                new(second % 60 == 0 ? "marketplace" : "webshop", second, ApiKey: "sk_live_4f9a1c77"));
        if (second % 10 == 0)
            jobs.Enqueue<ResizeImageJob, ResizeImage>(
                new($"products/{second % 100_000}.{(second % 240 == 0 ? "tiff" : "jpeg")}", Width: 640));
    }
}
