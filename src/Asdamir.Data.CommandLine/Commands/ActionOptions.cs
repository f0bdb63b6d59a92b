using System.CommandLine;
using Asdamir.Data.CommandLine.Connections;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>The options of every action: why, by whom, and where it is audited.</summary>
internal sealed class ActionOptions
{
    private const int LongestReason = 500;
    private const string AuditVariable = "ASDAMIR_JOBS_AUDIT";

    private readonly Option<string?> _reason = new("--reason")
    {
        Description = "Why; the audit keeps it, and so does the history of a job, a pause or a changed limit.",
        HelpName = "text",
    };

    private readonly Option<string?> _by = new("--by")
    {
        Description = "Who acts. Default: the user of the operating system.",
        HelpName = "name",
    };

    private readonly Option<string?> _audit = new("--audit")
    {
        Description = "A file to which the action is appended before it begins, and its outcome, as lines of JSON. "
            + $"Default: the environment variable {AuditVariable}.",
        HelpName = "file",
    };

    public void AddTo(Command command)
    {
        command.Add(_reason);
        command.Add(_by);
        command.Add(_audit);
    }

    public string By(CommandCall call) => call.Get(_by) is { Length: > 0 } name ? name : call.Environment.User;

    /// <summary>The reason with the user: nothing else in the schema says who acted.</summary>
    /// <exception cref="UsageException">The reason is too long.</exception>
    public string Reason(CommandCall call)
    {
        var by = $"{By(call)}, command line";
        return ReasonAlone(call) is { } reason ? $"{reason} (by {by})" : $"By {by}";
    }

    /// <summary>The reason, for what keeps the user beside it; <see langword="null"/> for none.</summary>
    /// <exception cref="UsageException">The reason is too long.</exception>
    public string? ReasonAlone(CommandCall call)
    {
        var reason = call.Get(_reason);
        return reason?.Length > LongestReason
            ? throw new UsageException($"--reason has {reason.Length} characters. Fix: write at most {LongestReason}.")
            : string.IsNullOrWhiteSpace(reason) ? null : reason;
    }

    public IReadOnlyList<IJobActionAudit> Audits(CommandCall call) =>
        call.Get(_audit) is { Length: > 0 } file ? [Of(call, file)]
        : call.Environment.Variables.GetValueOrDefault(AuditVariable) is { Length: > 0 } named ? [Of(call, named)]
        : [];

    private static AuditFile Of(CommandCall call, string file) =>
        new(Path.GetFullPath(file, call.Environment.Folder), call.Terminal);
}
