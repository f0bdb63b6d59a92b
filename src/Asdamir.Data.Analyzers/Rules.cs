using Microsoft.CodeAnalysis;

namespace Asdamir.Data.Analyzers;

/// <summary>What the analyzers report. Each rule has a page in <c>docs/rules</c>.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor SuccessAfterCatchAll = New(
        "ADJ0001",
        "A job catches every exception and returns success",
        "{0} returns success after it has caught every exception, so a failure is neither seen nor retried; "
            + "catch the exceptions that are no failure, or return JobResult.Failure");

    public static readonly DiagnosticDescriptor TokenNotPassed = New(
        Fixable.TokenNotPassed,
        "A job does not pass its token on",
        "{0} can be cancelled but does not get the token of the job, so a deleted job and a server that stops wait for it; pass {1}");

    public static readonly DiagnosticDescriptor ArgumentNotStorable = New(
        "ADJ0003",
        "An argument cannot be stored",
        "{0} {1}; {2}");

    public static readonly DiagnosticDescriptor SameName = New(
        "ADJ0004",
        "Two job types have one name",
        "The job types {0} and {1} both have the name '{2}'; give one of them another [JobName]",
        endsCompilation: true);

    public static readonly DiagnosticDescriptor InvalidSchedule = New(
        Fixable.InvalidSchedule,
        "A schedule is invalid or never fires",
        "{0}");

    public static readonly DiagnosticDescriptor AsyncVoid = New(
        "ADJ0006",
        "A job has async void",
        "{0} is async void: the job ends without it, and its exception ends the process; return a Task and await it");

    public static readonly DiagnosticDescriptor NotAwaited = New(
        "ADJ0007",
        "A job starts work that it does not await",
        "{0} is not awaited: the job ends without it, and its failure is not seen; await it, or enqueue it as another job");

    public static readonly DiagnosticDescriptor BlockingWait = New(
        "ADJ0008",
        "A job blocks its thread",
        "{0} blocks a thread until the work is done; await it");

    public static readonly DiagnosticDescriptor DisabledConcurrency = New(
        Fixable.DisabledConcurrency,
        "A job has DisableConcurrentExecution",
        "[DisableConcurrentExecution] would lock all jobs of the schema, and the app does not start with it; use [ExclusiveJob]");

    public static readonly DiagnosticDescriptor SecretArgument = New(
        "ADJ0010",
        "An argument is named like a secret",
        "{0} is stored with the job and may be read by operators; pass a reference to the secret, such as its name in a vault",
        DiagnosticSeverity.Info);

    public static readonly DiagnosticDescriptor SameStep = New(
        "ADJ0011",
        "Two steps have one name",
        "The step '{0}' stands twice, and the second call fails; give each step another name");

    private static DiagnosticDescriptor New(
        string id, string title, string message, DiagnosticSeverity severity = DiagnosticSeverity.Warning, bool endsCompilation = false) =>
        new(
            id, title, message, "Jobs", severity, isEnabledByDefault: true, description: $"See docs/rules/{id}.md.",
            customTags: endsCompilation ? [WellKnownDiagnosticTags.CompilationEnd] : []);
}
