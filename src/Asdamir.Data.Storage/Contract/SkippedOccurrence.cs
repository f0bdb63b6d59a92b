using System.Globalization;
using Asdamir.Data.Storage.Engine.Dialect;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Hangfire.States;

namespace Asdamir.Data.Storage.Contract;

/// <summary>
/// A job of a recurring job whose unique key belongs to another one: it is stored as deleted, so that an operator sees that the occurrence
/// was skipped, and why.
/// </summary>
internal static class SkippedOccurrence
{
    /// <summary>Hangfire's parameter of a job that a recurring job has created.</summary>
    public const string RecurringJobId = "RecurringJobId";

    private static readonly TimeSpan DefaultRetention = TimeSpan.FromDays(1);

    public static (StateWrite State, long ExpireAt) Of(long holder, JobDatabase database)
    {
        var at = Micros.Now(database.Time);
        var reason = string.Create(
            CultureInfo.InvariantCulture, $"Skipped: job {holder} of the same unique key has not ended");
        var data = new DeletedState { Reason = reason }.SerializeData()!;
        return (
            new StateWrite(JobStates.Deleted, reason, at, StateText.Write(JobStates.Deleted, at, data!)),
            at + (database.Retention.Deleted ?? Micros.Of(DefaultRetention)));
    }
}
