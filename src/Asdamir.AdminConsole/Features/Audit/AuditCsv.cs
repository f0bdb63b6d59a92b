using System.Globalization;
using System.Text;

namespace Asdamir.AdminConsole.Features.Audit;

/// <summary>The audit as a table for a spreadsheet.</summary>
internal static class AuditCsv
{
    private const string Header = "id,at,phase,action,actor,role,target,reason,done,skipped,failed,remarks,address,trace,subject\r\n";

    /// <summary>Writes line by line, as fast as the stream takes them.</summary>
    public static async Task WriteAsync(Stream stream, IEnumerable<AuditEntry> entries, CancellationToken cancellationToken)
    {
        var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await using (writer.ConfigureAwait(false))
        {
            await writer.WriteAsync(Header.AsMemory(), cancellationToken).ConfigureAwait(false);
            foreach (var entry in entries)
                await writer.WriteAsync(Line(entry).AsMemory(), cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Line(AuditEntry entry) => string.Join(',', new object?[]
    {
        entry.Id, entry.At.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), entry.Phase, entry.Action, entry.Actor,
        entry.Role, entry.Target, entry.Reason,
        entry.Done, entry.Skipped, entry.Failed, entry.Remarks, entry.Address, entry.TraceId, entry.Subject,
    }.Select(Cell)) + "\r\n";

    // A spreadsheet would execute what begins like a formula.
    private static string Cell(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        if (text is ['=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠' or '\t' or '\r' or '\n', ..])
            text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
