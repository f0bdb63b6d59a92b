using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Acme.Crm;

public sealed record ExportContacts(string Target, string AccessToken);

/// <summary>Has lost its permission, which no retry restores.</summary>
public sealed class ExportContactsJob : IJob<ExportContacts>
{
    public async Task<JobResult> ExecuteAsync(ExportContacts args, IJobContext ctx, CancellationToken ct = default)
    {
        await Task.Delay(300, ct);
        ctx.Logger.LogError("{Target} answered 403 Forbidden", args.Target);
        return JobResult.PermanentFailure(new UnauthorizedAccessException($"The token may no longer write to {args.Target}."));
    }
}
