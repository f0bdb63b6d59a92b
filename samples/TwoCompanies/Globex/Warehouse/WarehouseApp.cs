using Asdamir.Data.HangfireJobs;
using TwoCompanies.Apps;

namespace TwoCompanies.Globex.Warehouse;

public sealed class WarehouseApp : IApp
{
    public string Code => "warehouse";

    public void AddJobs(IHangfireJobsBuilder jobs) => jobs
        .AddJob<CountStockJob>()
        .AddJob<PrintLabelsJob>()
        .AddJob<ReplenishShelfJob>();

    public void Receive(IHangfireJobService jobs, long second)
    {
        if (second % 5 == 0)
            jobs.Enqueue<PrintLabelsJob, PrintLabels>(new($"zebra-{second % 3}", Labels: (int)(second % 40) + 1));
        if (second % 15 == 0)
            jobs.Schedule<ReplenishShelfJob, ReplenishShelf>(
                new($"{(char)('A' + (second / 15 % 12))}-{second % 40}"), TimeSpan.FromSeconds(90));
    }
}
