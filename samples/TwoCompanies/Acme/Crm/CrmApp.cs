using Asdamir.Data.HangfireJobs;
using TwoCompanies.Apps;

namespace TwoCompanies.Acme.Crm;

public sealed class CrmApp : IApp
{
    public string Code => "crm";

    public void AddJobs(IHangfireJobsBuilder jobs) => jobs
        .AddJob<SendNewsletterJob>()
        .AddJob<RemindCustomerJob>()
        .AddJob<MergeContactsJob>()
        .AddJob<ExportContactsJob>();

    public void Schedule(IHangfireJobService jobs)
    {
        jobs.AddOrUpdateRecurring<MergeContactsJob>("*/2 * * * *", new RecurringOptions { Id = "merge-contacts" });
        jobs.AddOrUpdateRecurring<ExportContactsJob, ExportContacts>(
            new("s3://acme-exports", AccessToken: "ya29.a0AfH6"), "0 6 * * 1-5", new RecurringOptions { Id = "export-contacts" });
    }

    public void Receive(IHangfireJobService jobs, long second)
    {
        if (second % 120 == 0)
            jobs.EnqueueMany<SendNewsletterJob, SendNewsletter>(
                Enumerable.Range(1, 40).Select(static batch => new SendNewsletter("November", batch)));
        if (second % 9 == 0)
            jobs.Schedule<RemindCustomerJob, RemindCustomer>(new(second % 10_000), TimeSpan.FromMinutes(3));
        if (second % 100 == 0)
            jobs.Enqueue<ExportContactsJob, ExportContacts>(new("s3://acme-exports", AccessToken: "ya29.a0AfH6"));
        if (second % 50 == 0)
            jobs.Enqueue<MergeContactsJob>();
    }
}
