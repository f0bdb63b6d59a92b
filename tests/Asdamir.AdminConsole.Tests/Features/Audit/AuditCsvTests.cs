using System.Text;
using Asdamir.AdminConsole.Features.Audit;

namespace Asdamir.AdminConsole.Tests.Features.Audit;

public sealed class AuditCsvTests
{
    [Theory]
    [InlineData("=HYPERLINK(\"http://evil\")", "\"'=HYPERLINK(\"\"http://evil\"\")\"")]
    [InlineData("+1", "'+1")]
    [InlineData("-1+2", "'-1+2")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("\n=1", "\"'\n=1\"")]
    [InlineData("＝1", "'＝1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"no\"", "\"say \"\"no\"\"\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData("größe", "größe")]
    [InlineData(null, "")]
    public async Task NoCell_IsAFormulaOrBreaksOutOfItsPlace(string? reason, string cell)
    {
        var bytes = await WriteAsync(
            new AuditEntry(
                7, new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc), "Completed", "Delete", null, "acme", "ada", "Operator", "1 2",
                reason, 2, 0, 0, null, "::1", "t", "https://login.example 42"));

        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), bytes[..3]);
        Assert.Equal(
            "id,at,phase,action,actor,role,target,reason,done,skipped,failed,remarks,address,trace,subject\r\n7,2030-01-02T03:04:05.000Z,Completed,Delete,ada,Operator,1 "
                + $"2,{cell},2,0,0,,::1,t,https://login.example 42\r\n",
            Encoding.UTF8.GetString(bytes[3..]));
    }

    [Fact]
    public async Task EveryCellThatPeopleWrote_IsMadeHarmless()
    {
        const string formula = "=cmd";
        var line = Encoding.UTF8.GetString(
            await WriteAsync(
                new AuditEntry(
                    1, default, formula, formula, null, null, formula, formula, formula, formula, null, null, null, formula, formula,
                    formula, formula)))
            .Split("\r\n")[1];

        Assert.DoesNotContain(line.Split(','), static cell => cell.StartsWith('='));
        Assert.Equal(10, line.Split(',').Count(static cell => cell == "'=cmd"));
    }

    private static async Task<byte[]> WriteAsync(AuditEntry entry)
    {
        using var stream = new MemoryStream();
        await AuditCsv.WriteAsync(stream, [entry], TestContext.Current.CancellationToken);
        return stream.ToArray();
    }
}
