using Asdamir.Data.HangfireJobs;
using TwoCompanies.Apps;

namespace TwoCompanies.Globex.Billing;

public sealed class BillingApp : IApp
{
    public string Code => "billing";

    public void AddJobs(IHangfireJobsBuilder jobs) => jobs
        .AddJob<ChargeFreightJob>()
        .AddJob<SendInvoiceJob>()
        .AddJob<ImportTariffsJob>();

    public void Schedule(IHangfireJobService jobs)
    {
        jobs.AddOrUpdateRecurring<ImportTariffsJob, ImportTariffs>(
            new("dhl", Password: "s3cret"), "*/4 * * * *", new RecurringOptions { Id = "tariffs-dhl" });
        jobs.AddOrUpdateRecurring<ImportTariffsJob, ImportTariffs>(
            new("ups", Password: "s3cret"), "30 2 * * *", new RecurringOptions { Id = "tariffs-ups" });
        jobs.PauseRecurring("tariffs-ups", "UPS moves to a new format on the 30th.");
    }

    public void Receive(IHangfireJobService jobs, long second)
    {
        if (second % 2 == 0)
            jobs.Enqueue<ChargeFreightJob, ChargeFreight>(
                new(second % 1_000_000, Amount: 80 + (second % 400), MerchantSecret: "whsec_81hd"));
        if (second % 6 == 0)
            jobs.Enqueue<SendInvoiceJob, SendInvoice>(new(second % 1_000_000));
    }
}
