using Asdamir.Data.Storage.Engine.Writes;
using CsCheck;

namespace Asdamir.Data.Storage.Tests.Engine.Writes;

/// <summary>
/// Random calls, failures, cancellations and the end of the storage, in random interleavings. The test holds every commit and releases
/// one at a time, so a run depends on nothing but its steps; a failure names the seed that repeats it.
/// </summary>
public sealed class CommitQueueModelTests
{
    private const string Main = "commits";
    private const string Blocked = "blocked commits";
    private const int Jobs = 6;
    private const int Callers = 4;

    private static readonly Gen<ModelCall> Calls = Gen.Select(
        Gen.Int[1, Callers],
        Gen.Int[1, Jobs],
        Gen.Frequency(
            (8, Gen.Const(Fate.Written)),
            (4, AnyOf(Fate.Conflict, Fate.ClaimLost, Fate.Refused)),
            (2, Gen.Const(Fate.RowsInUse)),
            (1, AnyOf(Fate.LeaseEnds, Fate.Outage, Fate.WrittenWithoutAnswer, Fate.UnwrittenWithoutAnswer))),
        Gen.Int[1, 3],
        Gen.Bool,
        Gen.Bool,
        static (caller, job, fate, times, needsLease, enqueues) => new ModelCall(caller, job, fate, times, needsLease, enqueues));

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (5, Calls.Select(static call => new Step(StepKind.Send, call))),
        (3, Gen.Const(new Step(StepKind.Release, null))),
        (1, Gen.Const(new Step(StepKind.ReleaseBlocked, null))),
        (1, Gen.Const(new Step(StepKind.CancelLast, null))),
        (2, Gen.Const(new Step(StepKind.Stand, null))),
        (1, Gen.Const(new Step(StepKind.StandInVain, null))),
        (1, Gen.Const(new Step(StepKind.Withdraw, null))));

    private enum StepKind
    {
        Send,
        Release,
        ReleaseBlocked,
        CancelLast,
        Stand,
        StandInVain,
        Withdraw,
    }

    [Fact]
    public void EachCall_IsAnsweredOnce_AndWrittenExactlyWhenTheAnswerSaysSo() =>
        Steps.Array[1, 60].Sample(
            static steps => Check(Run(steps)), writeLine: TestContext.Current.TestOutputHelper!.WriteLine, iter: 300, threads: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(12)]
    public void Group_WaitsForRowsOnce_HoweverManyOfItsCallsAreBlocked(int count)
    {
        const int Calls = 12;
        var database = new ModelDatabase();
        using var connections = new CommitConnections(database);
        using var blocked = new CommitQueue(connections, Blocked, blocked: null, claims: null, static () => { });
        using var main = new CommitQueue(connections, Main, blocked, claims: null);
        // The group gathers while the first call is committed.
        main.Add(database.Call(new ModelCall(1, Calls + 1, Fate.Written, 1, NeedsLease: false)));
        Settle(database, main, blocked);
        List<ModelCommit> calls = [.. Enumerable.Range(1, Calls).Select(job => database.Call(
            new ModelCall(job, job, job <= count ? Fate.RowsInUse : Fate.Written, Times: 4, NeedsLease: false)))];
        calls.ForEach(main.Add);

        Await(() =>
        {
            database.Release(Main);
            return main.Waiting == 0;
        });

        Assert.All(calls[..count], static call => Assert.Equal(0, call.Answers));
        Assert.All(calls[count..], static call => Assert.Equal((1, null), (call.Answers, call.Error)));
        var tried = database.Groups.FindAll(static group => group.Queue == Main)[1..];
        Assert.Single(tried, static group => group.IsPatient);
        Assert.Equal(Calls, tried[0].Calls.Count);
        // Each that is blocked, and the halves on the way to it; the others in groups.
        Assert.InRange(tried.Count, count, 2 * Calls);
        Close(database, Main, main);
        Close(database, Blocked, blocked);
        Assert.All(calls, static call => Assert.Equal(1, call.Answers));
    }

    [Fact]
    public void BlockedCalls_AreWaitedForOnceARound_HoweverManyThereAre()
    {
        const int Calls = 6;
        var pauses = 0;
        var database = new ModelDatabase();
        using var connections = new CommitConnections(database);
        using var blocked = new CommitQueue(
            connections, Blocked, blocked: null, claims: null, () => Interlocked.Increment(ref pauses));
        using var main = new CommitQueue(connections, Main, blocked, claims: null);
        List<ModelCommit> calls = [.. Enumerable.Range(1, Calls).Select(job => database.Call(
            new ModelCall(job, job, Fate.RowsInUse, Times: 4, NeedsLease: false)))];
        calls.ForEach(main.Add);
        Await(() =>
        {
            database.Release(Main);
            return main.Waiting == 0;
        });

        Await(() =>
        {
            database.Release(Blocked);
            return blocked.Waiting == 0;
        });

        Assert.All(calls, static call => Assert.Equal((1, null), (call.Answers, call.Error)));
        Assert.Equal(database.Groups.Count(static group => group is { Queue: Blocked, IsPatient: true }), pauses);
        Assert.InRange(pauses, 3, database.Groups.Count(static group => group.Queue == Blocked) / 2);
    }

    private static Gen<Fate> AnyOf(params Fate[] fates) => Gen.Int[0, fates.Length - 1].Select(index => fates[index]);

    private static Outcome Run(Step[] steps)
    {
        var database = new ModelDatabase();
        using var connections = new CommitConnections(database);
        var standing = new StandingClaims();
        using var blocked = new CommitQueue(connections, Blocked, blocked: null, claims: null, static () => { });
        using var main = new CommitQueue(connections, Main, blocked, standing);
        List<ModelCommit> calls = [];
        List<ModelClaim> claims = [];
        foreach (var step in steps)
        {
            switch (step.Kind)
            {
                case StepKind.Send:
                    calls.Add(database.Call(step.Call!));
                    main.Add(calls[^1]);
                    break;
                case StepKind.Release:
                    database.Release(Main);
                    break;
                case StepKind.ReleaseBlocked:
                    database.Release(Blocked);
                    break;
                case StepKind.CancelLast when calls.Count > 0:
                    calls[^1].Cancel();
                    break;
                case StepKind.Stand or StepKind.StandInVain:
                    claims.Add(new ModelClaim(database, isRefused: step.Kind == StepKind.StandInVain));
                    standing.Add(claims[^1].Claim);
                    break;
                case StepKind.Withdraw when claims.Count > 0:
                    claims[^1].Withdraw();
                    break;
            }
            Settle(database, main, blocked);
        }
        Close(database, Main, main);
        Settle(database, main, blocked);
        Close(database, Blocked, blocked);
        Assert.Throws<ObjectDisposedException>(() => main.Add(database.Call(new ModelCall(1, 1, Fate.Written, 1, false))));
        return new Outcome(database, calls, claims);
    }

    // Each thread has nothing to do, or waits to be released. Only the first adds to the second.
    private static void Settle(ModelDatabase database, CommitQueue main, CommitQueue blocked)
    {
        Await(() => database.Holds(Main) || main.Waiting == 0);
        Await(() => database.Holds(Blocked) || blocked.Waiting == 0);
    }

    private static void Close(ModelDatabase database, string name, CommitQueue queue)
    {
        var closing = new Thread(queue.Dispose);
        closing.Start();
        // It has told the queue to end, and waits for the queue's thread or has found that there is none.
        Await(() => (closing.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) != 0);
        Await(() =>
        {
            database.Release(name);
            return closing.Join(TimeSpan.Zero);
        });
    }

    private static void Await(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, Until.Limit), "The queue neither commits nor ends.");

    private static void Check(Outcome outcome)
    {
        var (database, calls, claims) = outcome;
        CheckClaims(database, calls, claims);
        foreach (var call in calls)
        {
            var times = database.Written.Count(written => ReferenceEquals(written, call));
            Assert.Equal(1, call.Answers);
            Assert.InRange(times, AtLeast(call), AtMost(call));
            Assert.True(Fits(call, database), $"{call.Call} was answered with {call.Error}");
        }
        foreach (var (queue, group, _) in database.Groups)
        {
            Assert.Equal(group.Count, group.Select(static call => call.Call.Job).Distinct().Count());
            Assert.True(queue == Main || group.Count == 1, "A call that waits for rows made others wait.");
        }
        // What waits for rows in use is overtaken; all else stays in the order in which its caller sent it.
        foreach (var caller in database.Written.Where(static call => call.Call.Fate != Fate.RowsInUse).GroupBy(call => call.Call.Caller))
        {
            var places = caller.Select(call => calls.IndexOf(call)).ToList();
            Assert.Equal(places.Order(), places);
        }
    }

    // Each job has one owner, or waits, or its claim is not known here, which only a lost answer explains.
    private static void CheckClaims(ModelDatabase database, List<ModelCommit> calls, List<ModelClaim> claims)
    {
        foreach (var claim in claims)
        {
            Assert.True(claim.IsWithdrawn || claim.Claim.IsWaiting || claim.Claim.Made.IsCompleted, "A claim was not answered.");
            Assert.True(claim.Known.Count == 0 || claim is { IsRefused: false, IsWithdrawn: false });
            Assert.InRange(claim.Known.Count, 0, ModelClaim.Count);
            Assert.True(claim.Claim.Made.Exception is null || database.HasLostConnections);
        }
        var known = claims.SelectMany(static claim => claim.Known).Select(static claimed => claimed.Token).ToList();
        Assert.Equal(known.Count, known.Distinct().Count());
        Assert.Empty(known.Except(database.Claimed));
        Assert.True(known.Count == database.Claimed.Count || claims.Exists(static claim => claim.Claim.Made.IsFaulted));
        Assert.Equal(database.Written.Count(static call => call.Call.Enqueues), database.Waiting + database.Claimed.Count);
        // What is not announced has been claimed.
        Assert.All(
            calls.Where(static call => call is { Call.Enqueues: true, Error: null, IsCancelled: false, Set.Emptied.Count: > 0 }),
            call => Assert.Contains(call, database.WrittenWithClaim));
    }

    private static int AtLeast(ModelCommit call) => call is { Error: null, IsCancelled: false } ? 1 : 0;

    private static int AtMost(ModelCommit call) => call switch
    {
        { IsCancelled: true } => 0,
        { Error: null or JobStorageUnavailableException { MayBeCommitted: true } } => 1,
        _ => 0,
    };

    // An error of another call is never the answer, except for a connection that broke under the whole group.
    private static bool Fits(ModelCommit call, ModelDatabase database) => call switch
    {
        { IsCancelled: true } => true,
        { Error: JobStorageUnavailableException } => database.HasLostConnections || call.Call.Fate == Fate.RowsInUse,
        { Error: LeaseLostException } => call.Call.NeedsLease && call.Lease != database.Current(),
        { Call.Fate: Fate.Conflict } => call.Error is WriteConflictException { IsClaim: false },
        { Call.Fate: Fate.ClaimLost } => call.Error is WriteConflictException { IsClaim: true },
        { Call.Fate: Fate.Refused } => call.Error is ArgumentException,
        { Call.Fate: Fate.Outage or Fate.WrittenWithoutAnswer or Fate.UnwrittenWithoutAnswer } => false,
        _ => call.Error is null,
    };

    private sealed record Step(StepKind Kind, ModelCall? Call);

    private sealed record Outcome(ModelDatabase Database, List<ModelCommit> Calls, List<ModelClaim> Claims);
}
