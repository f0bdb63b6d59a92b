namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>The audit did not accept an action, so it was not carried out.</summary>
internal sealed class AuditUnavailableException(Exception cause)
    : Exception("The action was not carried out, because the audit did not accept it. Try again.", cause);
