using System.Globalization;
using System.Text;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.AdminConsole.Features.Jobs;

/// <summary>A job's log as a file.</summary>
internal static class LogFile
{
    /// <summary>What follows the address of the job's page.</summary>
    public const string Suffix = "/log";

    public static async Task<IResult> SendAsync(RequestContext context, string id)
    {
        var lines = await context.Company.ReadAsync(monitor => monitor.GetJobLogAsync(id, context.App)).ConfigureAwait(false);
        if (lines.Problem is { } problem)
            return Message.Result(StatusCodes.Status503ServiceUnavailable, JobsTexts.LogFailed, problem.Title);
        if (lines.Value is null)
            return Message.NotFound();
        var text = new StringBuilder();
        foreach (var line in lines.Value)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{line.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {line.Level,-11} {new LogText(line.Message)}\n");
        }
        return Results.Bytes(
            Encoding.UTF8.GetBytes(text.ToString()), "text/plain; charset=utf-8",
            $"job-{new string([.. id.Where(char.IsAsciiLetterOrDigit)])}.log");
    }
}
