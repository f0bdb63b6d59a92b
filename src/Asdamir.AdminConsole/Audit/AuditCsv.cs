using System.Globalization;
using System.Text;

namespace Asdamir.AdminConsole.Audit;

/// <summary>The audit as a table for a spreadsheet.</summary>
internal static class AuditCsv
{
    public const int MaxLines = 50_000;

    public static byte[] Write(IEnumerable<AuditEntry> entries)
    {
        var text = new StringBuilder("id,at,phase,action,actor,role,target,reason,done,skipped,failed,remarks,address,trace\r\n");
        foreach (var entry in entries)
        {
            text.AppendJoin(',', new object?[]
            {
                entry.Id, entry.At.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), entry.Phase, entry.Action, entry.Actor, entry.Role, entry.Target, entry.Reason,
                entry.Done, entry.Skipped, entry.Failed, entry.Remarks, entry.Address, entry.TraceId,
            }.Select(Cell)).Append("\r\n");
        }
        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    // A spreadsheet would execute what begins like a formula.
    private static string Cell(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        if (text is ['=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠' or '\t' or '\r' or '\n', ..])
            text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
