using Asdamir.Data.HangfireJobs;
using TwoCompanies.Apps;

namespace TwoCompanies.Globex.Dispatch;

public sealed class DispatchApp : IApp
{
    public string Code => "dispatch";

    public void AddJobs(IHangfireJobsBuilder jobs) => jobs
        .AddJob<PlanRouteJob>()
        .AddJob<TrackShipmentJob>()
        .AddJob<NotifyCustomerJob>();

    public void Schedule(IHangfireJobService jobs)
    {
        jobs.AddOrUpdateRecurring<PlanRouteJob, PlanRoute>(
            new("North", Stops: 40), "0 5 * * *", new RecurringOptions { Id = "plan-north", TimeZone = "America/New_York" });
        jobs.AddOrUpdateRecurring<PlanRouteJob, PlanRoute>(
            new("South", Stops: 30), "0 5 * * *", new RecurringOptions { Id = "plan-south", TimeZone = "America/Chicago" });
        jobs.PauseRecurring("plan-south", "Flooded roads: the south is planned by hand.");
    }

    public void Receive(IHangfireJobService jobs, long second)
    {
        if (second % 2 == 0)
        {
            var tracked = jobs.Enqueue<TrackShipmentJob, TrackShipment>(
                new($"GX{second % 10_000_000:0000000}", CarrierApiKey: "gx-9d2f-77aa"));
            if (second % 6 == 0)
                jobs.ContinueWith<NotifyCustomerJob, NotifyCustomer>(new($"GX{second % 10_000_000:0000000}"), tracked);
        }
        if (second % 40 == 0)
            jobs.Enqueue<PlanRouteJob, PlanRoute>(new(second % 240 == 0 ? "Islands" : "City", Stops: second % 240 == 0 ? 200 : 50));
    }
}
