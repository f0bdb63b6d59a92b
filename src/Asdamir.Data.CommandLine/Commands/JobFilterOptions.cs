using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;

namespace Asdamir.Data.CommandLine.Commands;

/// <summary>The options that select jobs.</summary>
internal sealed class JobFilterOptions
{
    public Option<JobState?> State { get; } = new("--state")
    {
        Description = $"Only jobs in this state: {string.Join(", ", Enum.GetNames<JobState>())}.",
        HelpName = "state",
        CustomParser = ParseState,
    };

    public Option<string?> App { get; } = new("--app")
    {
        Description = "Only jobs of this app, by its queue.",
        HelpName = "queue",
    };

    public Option<string?> JobType { get; } = new("--name")
    {
        Description = "Only jobs of this job type.",
        HelpName = "job type",
    };

    public Option<string?> Text { get; } = new("--text")
    {
        Description = "Only jobs with this text in their arguments, error or result, as they are shown.",
        HelpName = "text",
    };

    public Option<DateTimeOffset?> From { get; } = TimeOption("--from", "Only jobs that entered their state at this time (UTC) or later.");

    public Option<DateTimeOffset?> To { get; } = TimeOption("--to", "Only jobs that entered their state before this time (UTC).");

    public void AddTo(Command command)
    {
        command.Add(State);
        command.Add(App);
        command.Add(JobType);
        command.Add(Text);
        command.Add(From);
        command.Add(To);
    }

    public JobListFilter Of(ParseResult parsed) => new()
    {
        State = parsed.GetValue(State),
        App = parsed.GetValue(App),
        Name = parsed.GetValue(JobType),
        Text = parsed.GetValue(Text),
        From = parsed.GetValue(From),
        To = parsed.GetValue(To),
    };

    /// <summary>Whether one of the options was given.</summary>
    public bool IsUsed(ParseResult parsed) => Of(parsed) != new JobListFilter();

    private static JobState? ParseState(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Enum.TryParse<JobState>(text, ignoreCase: true, out var state) && Enum.IsDefined(state) && !char.IsDigit(text[0]))
            return state;
        result.AddError($"--state = '{text}' is not a state. Fix: use one of {string.Join(", ", Enum.GetNames<JobState>())}.");
        return null;
    }

    public static Option<DateTimeOffset?> TimeOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return time.ToUniversalTime();
            result.AddError($"{name} = '{text}' is not a time. Fix: write for example 2026-11-24T07:30:00Z.");
            return null;
        },
    };
}
