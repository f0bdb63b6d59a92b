using Asdamir.Data.HangfireJobs.Execution;
using Hangfire;
using Microsoft.Extensions.Logging.Abstractions;
using Hangfire.Common;
using Hangfire.States;

namespace Asdamir.Data.Tests.Execution;

public sealed class RetryFilterTests
{
    [Fact]
    public void Election_CountsOneRetry_WhenTheSameFailureIsElectedAgainBecauseItsStateCouldNotBeWritten()
    {
        var storage = new SharedStorage();
        using var connection = storage.GetConnection();
        var id = connection.CreateExpiredJob(
            Job.FromExpression(() => Console.WriteLine()), new Dictionary<string, string>(), DateTime.UtcNow, TimeSpan.FromHours(1));
        var filter = new RetryFilter(
            new JobRetries(new AutomaticRetryAttribute { Attempts = 3 }), TimeProvider.System, NullLogger.Instance);
        var failure = new FailedState(new InvalidOperationException("failed"));

        var first = Elect(failure);
        var again = Elect(failure);
        var next = Elect(new FailedState(new InvalidOperationException("failed")));

        Assert.Contains("Retry attempt 1 of 3", first.Reason, StringComparison.Ordinal);
        Assert.Contains("Retry attempt 1 of 3", again.Reason, StringComparison.Ordinal);
        Assert.Contains("Retry attempt 2 of 3", next.Reason, StringComparison.Ordinal);
        Assert.IsType<ScheduledState>(first, exactMatch: false);
        Assert.Equal(
            (typeof(InvalidOperationException).FullName, "failed"),
            (first.SerializeData()["ExceptionType"], first.SerializeData()["ExceptionMessage"]));
        Assert.Contains("EnqueueAt", first.SerializeData());

        IState Elect(IState candidate)
        {
            using var transaction = connection.CreateWriteTransaction();
            // Read anew for each election, as Hangfire does.
            var job = new BackgroundJob(id, null, DateTime.UtcNow, connection.GetJobData(id).ParametersSnapshot);
            var context = new ElectStateContext(
                new ApplyStateContext(storage, connection, transaction, job, candidate, ProcessingState.StateName), null);
            filter.OnStateElection(context);
            return context.CandidateState;
        }
    }
}
