using System.Collections.Frozen;
using System.Reflection;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Which failures of a job type are retried, and how.</summary>
internal sealed class JobRetries
{
    // What an exception contains is up to the job.
    private const int MaxExceptions = 1_000;

    private readonly FailureRule _others;
    private readonly FrozenDictionary<Type, FailureRule> _rules;

    /// <param name="general">What applies without a rule.</param>
    /// <param name="rules">The rules for types of exceptions.</param>
    public JobRetries(AutomaticRetryAttribute general, params IEnumerable<FailureRule> rules)
    {
        General = general;
        _others = new FailureRule(general);
        _rules = rules.ToFrozenDictionary(static rule => rule.On!);
        Max = _rules.Values.Append(_others).Max(static rule => rule.Retry.Attempts);
    }

    /// <summary>What applies without a rule.</summary>
    public AutomaticRetryAttribute General { get; }

    /// <summary>The most retries that a failure allows.</summary>
    public int Max { get; }

    /// <summary>How many retries a failure allows.</summary>
    public int After(Exception failure) => RuleFor(failure)?.Retry.Attempts ?? 0;

    /// <returns>The rule for a failure; <see langword="null"/> when it must not be retried.</returns>
    public FailureRule? RuleFor(Exception failure)
    {
        if (PermanentFailures.Contains(failure))
            return null;
        var original = StorableException.OriginalOf(failure);
        var rule = _rules.Count == 0 ? _others : RuleOfContent(original);
        return rule.On is not null || IsRetried(original) ? rule : null;
    }

    // No retry cures the one of several exceptions that allows none.
    private FailureRule RuleOfContent(Exception failure)
    {
        FailureRule? strictest = null;
        Queue<Exception> rest = new([failure]);
        for (var seen = 0; seen < MaxExceptions && rest.TryDequeue(out var exception); seen++)
        {
            var rule = RuleOf(exception.GetType());
            if (!IsOfWrapper(rule.On) && ContentOf(exception) is { Length: > 0 } content)
            {
                foreach (var inner in content)
                    rest.Enqueue(inner);
            }
            else if (strictest is null || rule.Retry.Attempts < strictest.Retry.Attempts)
            {
                strictest = rule;
            }
        }
        return strictest ?? _others;
    }

    private FailureRule RuleOf(Type thrown)
    {
        for (var type = thrown; type is not null; type = type.BaseType)
        {
            if (_rules.TryGetValue(type, out var rule))
                return rule;
        }
        return _others;
    }

    private static bool IsOfWrapper(Type? on) =>
        on is not null && (on.IsAssignableTo(typeof(AggregateException)) || on == typeof(TargetInvocationException));

    private static Exception[] ContentOf(Exception exception) => exception switch
    {
        AggregateException aggregate => [.. aggregate.InnerExceptions],
        TargetInvocationException { InnerException: { } inner } => [inner],
        _ => [],
    };

    // OnlyOn and ExceptOn are checked here: the attribute would compare them with the replacement of an exception that cannot be stored.
    private bool IsRetried(Exception exception) =>
        (General.OnlyOn is not { Length: > 0 } onlyOn || Array.Exists(onlyOn, type => type.IsInstanceOfType(exception)))
        && (General.ExceptOn is not { Length: > 0 } exceptOn || !Array.Exists(exceptOn, type => type.IsInstanceOfType(exception)));
}
