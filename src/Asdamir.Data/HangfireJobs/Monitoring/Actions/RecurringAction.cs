using Asdamir.Data.HangfireJobs.Runs;

namespace Asdamir.Data.HangfireJobs.Monitoring.Actions;

/// <summary>An action on a recurring job, by its stored id.</summary>
internal abstract class RecurringAction(RecurringJobs recurring)
{
    public abstract JobActionKind Kind { get; }

    protected RecurringJobs Recurring => recurring;

    /// <returns>The id of a new run, or <see langword="null"/>; and whether there was such a recurring job.</returns>
    protected abstract (bool Found, string? RunId) Do(string storedId, string? reason);

    public JobActionReport On(string storedId, string? reason, Func<string, bool> isMine)
    {
        var notFound = new JobActionReport(0, 1, 0, [KeyValuePair.Create(storedId, $"There is no recurring job '{storedId}'.")]);
        if (recurring.Read(storedId) is not { } entry || !isMine(entry.Queue))
            return notFound;
        try
        {
            var (found, runId) = Do(storedId, reason);
            return found ? new JobActionReport(1, 0, 0, [], runId) : notFound;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new JobActionReport(0, 0, 1, [KeyValuePair.Create(storedId, exception.GetBaseException().Message)]);
        }
    }
}
