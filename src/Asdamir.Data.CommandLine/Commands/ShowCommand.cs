using System.CommandLine;
using Asdamir.Data.CommandLine.Commands.Documents;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>Shows one job.</summary>
internal sealed class ShowCommand : Command
{
    private readonly Argument<string> _id = new("id") { Description = "The id of the job." };

    private readonly Option<bool> _log = new("--log") { Description = "Also the log of the job." };

    public ShowCommand(CommandRunner runner)
        : base("show", "Show a job with its history.")
    {
        Add(_id);
        Add(_log);
        runner.Handle(this, ExecuteAsync);
    }

    private async Task<int> ExecuteAsync(CommandCall call, IJobMonitor monitor, CancellationToken cancellationToken)
    {
        var id = call.Get(_id)!;
        if (await monitor.FindJobAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false) is not { } job)
        {
            call.Terminal.WriteError($"There is no job '{id}'.");
            return ExitCode.Refused;
        }
        IReadOnlyList<JobLogLine>? log = null;
        if (call.Get(_log))
            log = await monitor.GetJobLogAsync(id, cancellationToken: cancellationToken).ConfigureAwait(false) ?? [];
        if (call.IsJson)
            call.WriteJson(JobDetailsDocument.Of(job, log), ToolJson.Default.JobDetailsDocument);
        else
            JobPage.Write(call.Terminal, job, log);
        return ExitCode.Done;
    }
}
