using System.Reflection;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>What <see cref="RetryAttribute"/> says of one type of exception. What it leaves open is <see langword="null"/>.</summary>
internal sealed record RetryRule
{
    /// <summary>The type of exception; <see cref="Exception"/> for those without another rule.</summary>
    public required Type On { get; init; }

    public required int Attempts { get; init; }

    public RetryBackoff? Backoff { get; init; }

    public TimeSpan? BaseDelay { get; init; }

    public TimeSpan? MaxDelay { get; init; }

    /// <summary>The rules of a job type, at most one for each type of exception.</summary>
    public static IReadOnlyList<RetryRule> Of(Type jobType, ICollection<string> faults)
    {
        Dictionary<Type, RetryRule> rules = [];
        for (var declaring = jobType; declaring is not null; declaring = declaring.BaseType)
        {
            HashSet<Type> declared = [];
            foreach (var attribute in declaring.GetCustomAttributes<RetryAttribute>(inherit: false))
            {
                if (FaultOf(attribute) is { } fault)
                {
                    faults.Add($"{TextOf(attribute)} on {jobType.FullName} {fault}.");
                    continue;
                }
                var rule = Read(attribute);
                if (!declared.Add(rule.On))
                {
                    faults.Add(
                        $"{jobType.FullName} has two [Retry] for {(rule.On == typeof(Exception) ? "every exception" : rule.On.FullName)}. "
                            + "Fix: keep one of them, or set another On.");
                }
                rules.TryAdd(rule.On, rule);
            }
        }
        return [.. rules.Values];
    }

    private static RetryRule Read(RetryAttribute attribute) => new()
    {
        On = attribute.On ?? typeof(Exception),
        Attempts = attribute.Attempts,
        Backoff = attribute.SetBackoff,
        BaseDelay = Duration(attribute.BaseDelay),
        MaxDelay = Duration(attribute.MaxDelay),
    };

    private static TimeSpan? Duration(string? text) => text is not null && DurationText.TryRead(text, out var duration) ? duration : null;

    private static string? FaultOf(RetryAttribute attribute)
    {
        if (attribute.Attempts is < 0 or > 1_000)
            return "does not have 0 to 1000 retries. Fix: write how many retries follow the first attempt; 0 fails the job at once";
        if (attribute.On is { } on && !on.IsAssignableTo(typeof(Exception)))
            return $"is for {on}, which is not an exception. Fix: set On to a class that derives from Exception";
        if (attribute.On is { ContainsGenericParameters: true } open)
            return $"is for {open}, whose type arguments are missing. Fix: set On to a class with its type arguments";
        if (attribute.SetBackoff is { } backoff && !Enum.IsDefined(backoff))
            return $"has the unknown Backoff {(int)backoff}. Fix: use {string.Join(", ", Enum.GetNames<RetryBackoff>())}";
        return FaultOf(nameof(attribute.BaseDelay), attribute.BaseDelay)
            ?? FaultOf(nameof(attribute.MaxDelay), attribute.MaxDelay)
            ?? (Duration(attribute.MaxDelay) < Duration(attribute.BaseDelay)
                ? $"has a MaxDelay of {attribute.MaxDelay}, which is shorter than its BaseDelay of {attribute.BaseDelay}. "
                    + "Fix: raise MaxDelay to at least BaseDelay"
                : null);
    }

    private static string? FaultOf(string name, string? text) =>
        text is null || DurationText.TryRead(text, out _)
            ? null
            : $"has {name} = \"{text}\", which is not {DurationText.Range}. Fix: write for example {name} = \"00:00:30\"";

    private static string TextOf(RetryAttribute attribute) =>
        attribute.On is { } on ? $"[Retry({attribute.Attempts}, On = typeof({on.Name}))]" : $"[Retry({attribute.Attempts})]";
}
