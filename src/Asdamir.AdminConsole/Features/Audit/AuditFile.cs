using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Shell;

namespace Asdamir.AdminConsole.Features.Audit;

/// <summary>The audit of a company as a file, sent as it is read. A user gets one at a time.</summary>
internal sealed class AuditFile(AuditReader reader)
{
    private readonly UserLimit _exports = new(1);

    public async Task SendAsync(HttpContext http, RequestContext context, CompanyDirectory companies)
    {
        using var export = _exports.TryEnter(Identities.KeyOf(context.Principal));
        if (export is null)
        {
            await Message.Result(
                StatusCodes.Status429TooManyRequests, AuditTexts.ExportRuns, AuditTexts.ExportRunsHint,
                PageMap.Audit.Link(context.Company.Code, null), AuditTexts.Back).ExecuteAsync(http).ConfigureAwait(false);
            return;
        }
        var name = $"audit-{context.Company.Code}.csv";
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename={name}; filename*=UTF-8''{name}";
        await AuditCsv.WriteAsync(
            http.Response.Body, reader.ReadAll(context.Company.Code, AuditFilter.Of(http.Request.Query), context.SeesAll(companies)),
            http.RequestAborted).ConfigureAwait(false);
    }
}
