using Asdamir.Data.HangfireJobs;
using TwoCompanies.Apps;

namespace TwoCompanies.Acme.Finance;

public sealed class FinanceApp : IApp
{
    public string Code => "finance";

    public void AddJobs(IHangfireJobsBuilder jobs) => jobs
        .AddJob<SendInvoiceJob>()
        .AddJob<ReconcileLedgerJob>()
        .AddJob<MailLedgerReportJob>()
        .AddJob<LoadExchangeRatesJob>()
        .AddJob<CloseMonthJob>();

    public void Schedule(IHangfireJobService jobs) => jobs.PauseRecurring("close-month", "The auditors are in the house until Friday.");

    public void Receive(IHangfireJobService jobs, long second)
    {
        if (second % 3 == 0)
            jobs.Enqueue<SendInvoiceJob, SendInvoice>(
                new(second % 1_000_000, $"customer{second % 977}@example.com", SmtpPassword: "hunter2"));
        if (second % 75 == 0)
        {
            var ledger = jobs.Enqueue<ReconcileLedgerJob, ReconcileLedger>(new(second % 225 == 0 ? "GL-4400" : "GL-1200", Accounts: 60));
            jobs.ContinueWith<MailLedgerReportJob>(ledger);
        }
    }
}
