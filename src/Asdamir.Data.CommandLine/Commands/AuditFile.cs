using System.Text.Json;
using Asdamir.Data.CommandLine.Commands.Documents;
using Asdamir.Data.CommandLine.Output;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>An audit as lines of JSON, each on the disk before the action continues.</summary>
internal sealed class AuditFile(string path, Terminal terminal) : IJobActionAudit
{
    public ValueTask IntendedAsync(JobAction action, CancellationToken cancellationToken) =>
        WriteAsync(AuditDocument.Of("intended", action), cancellationToken);

    public ValueTask NamedAsync(JobAction action, IReadOnlyList<string> jobIds, CancellationToken cancellationToken) =>
        WriteAsync(AuditDocument.Of("named", action) with { JobIds = jobIds }, cancellationToken);

    public async ValueTask CompletedAsync(JobAction action, JobActionResult result, CancellationToken cancellationToken)
    {
        try
        {
            var document = AuditDocument.Of("completed", action) with { Outcome = ActionDocument.Of(result) };
            await WriteAsync(document, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            terminal.WriteError($"The action was carried out, but its outcome is not in the audit: {exception.Message}");
        }
    }

    private async ValueTask WriteAsync(AuditDocument document, CancellationToken cancellationToken)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(document, ToolJson.Lines.AuditDocument);
        var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        await using (file.ConfigureAwait(false))
        {
            await file.WriteAsync((byte[])[.. line, (byte)'\n'], cancellationToken).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }
    }
}
