using System.Globalization;
using Asdamir.Data.CommandLine.Commands.Documents;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>What an action has done.</summary>
internal static class ActionReport
{
    /// <returns>The exit code.</returns>
    public static int Write(CommandCall call, JobActionResult result)
    {
        if (call.IsJson)
            call.WriteJson(ActionDocument.Of(result), ToolJson.Default.ActionDocument);
        else
        {
            call.Terminal.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{result.Done} done, {result.Skipped} skipped, {result.Failed} failed"));
            if (result.JobId is { } job)
                call.Terminal.WriteLine($"Job {call.Terminal.Safe(job)}");
            foreach (var remark in result.Remarks)
                call.Terminal.WriteError($"{remark.Id}: {remark.Reason}");
        }
        return result is { Skipped: 0, Failed: 0 } ? ExitCode.Done : ExitCode.Refused;
    }
}
