namespace Asdamir.AdminConsole.Features.Operations;

/// <summary>The limits above which an action asks for confirmation.</summary>
internal static class ActionLimits
{
    /// <summary>So many jobs are requeued without a question.</summary>
    public const int WithoutQuestion = 25;

    /// <summary>From more than this on, the number is typed.</summary>
    public const int WithoutTyping = 1_000;

    /// <summary>The maximum number of jobs that are changed before the response is sent; the rest follow in the background.</summary>
    public const int AtOnce = 200;

    /// <summary>The most jobs chosen one by one.</summary>
    public const int Selected = 1_000;

    /// <summary>Where the jobs that match are no longer counted.</summary>
    public const int Counted = 1_000_000;

    public const int ReasonLength = 500;

    /// <summary>Longer than the id of any job, on any storage.</summary>
    public const int IdLength = 100;
}
