using Asdamir.Data.Storage.Engine;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Contract;

/// <summary>Answers <see cref="IJobLimits"/>.</summary>
internal sealed class LimitRules(StorageEngine engine)
{
    private const int LongestNote = 500;

    public void Declare(string queue, IReadOnlyCollection<JobLimitRule> rules)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        ArgumentNullException.ThrowIfNull(rules);
        foreach (var rule in rules)
        {
            if (JobLimits.FaultOfName(rule.Name) is { } fault)
                throw new ArgumentException($"The name of a limit {fault}", nameof(rules));
            CheckMaxRunning(rule.MaxRunning, rule.Name, nameof(rules));
            CheckRate(rule.Rate, rule.Name, nameof(rules));
        }
        if (rules.GroupBy(static rule => rule.Name, StringComparer.Ordinal).FirstOrDefault(static rule => rule.Count() > 1) is { } twice)
            throw new ArgumentException($"The limit '{twice.Key}' is declared twice. Fix: declare it once.", nameof(rules));
        if (rules.Count == 0)
            return;
        LimitTable.Declare(engine.Database, StorableText.Of(queue), rules);
        engine.WakeEverywhere([queue]);
    }

    public bool Change(string queue, string name, int? maxRunning, JobRate? rate, string by, string? reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        if (maxRunning is { } value)
            CheckMaxRunning(value, name, nameof(maxRunning));
        CheckRate(rate, name, nameof(rate));
        var hasChanged = LimitTable.Change(
            engine.Database, StorableText.Of(queue), name, maxRunning, rate, Shortened(by), reason is null ? null : Shortened(reason));
        if (hasChanged)
            engine.WakeEverywhere([queue]);
        return hasChanged;
    }

    public IReadOnlyList<JobLimitStatus> List(string? queue) =>
        LimitTable.List(engine.Database, queue is null ? null : StorableText.Of(queue));

    private static void CheckMaxRunning(int value, string name, string parameter)
    {
        if (value is < 0 or > JobLimits.MaxRunning)
        {
            throw new ArgumentOutOfRangeException(
                parameter, value, $"The limit '{name}' cannot be {value}. Fix: use a number from 0, when no job may begin, to 1000000.");
        }
    }

    private static void CheckRate(JobRate? rate, string name, string parameter)
    {
        if (rate?.Fault is { } fault)
            throw new ArgumentOutOfRangeException(parameter, rate, $"The rate of the limit '{name}' {fault}");
    }

    private static string Shortened(string text) => StorableText.Of(text.Length > LongestNote ? text[..LongestNote] : text);
}
