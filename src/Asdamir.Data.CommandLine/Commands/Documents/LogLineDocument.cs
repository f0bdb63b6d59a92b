using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands.Documents;

internal sealed record LogLineDocument(DateTimeOffset At, string Level, string Message)
{
    public static LogLineDocument Of(JobLogLine line) => new(line.At, line.Level.ToString(), line.Message);
}
