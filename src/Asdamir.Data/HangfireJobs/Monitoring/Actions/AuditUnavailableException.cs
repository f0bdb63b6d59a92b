namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>An action could not be written into the audit.</summary>
internal sealed class AuditUnavailableException(Exception cause)
    : Exception("The action was not carried out, because the audit did not accept it. Try again.", cause);
