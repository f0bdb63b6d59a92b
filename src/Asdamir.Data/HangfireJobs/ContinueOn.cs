namespace Asdamir.Data.HangfireJobs;

/// <summary>When a continuation starts.</summary>
public enum ContinueOn
{
    /// <summary>When the parent has succeeded; a deleted parent deletes the continuation.</summary>
    Success = 0,

    /// <summary>When the parent has succeeded or was deleted.</summary>
    AnyEnd = 1,
}
