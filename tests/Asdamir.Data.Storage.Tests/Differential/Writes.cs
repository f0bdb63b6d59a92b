using Asdamir.Data.Storage.Conformance;
using Hangfire.Server;
using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Differential;

/// <summary>Random changes.</summary>
internal sealed class Writes(Random random, Names names)
{
    private static readonly string[] States = ["Enqueued", "Scheduled", "Processing", "Succeeded", "Failed", "Deleted", "Awaiting"];

    private static readonly TimeSpan[] Times = [TimeSpan.FromHours(3), TimeSpan.FromDays(2), TimeSpan.FromDays(7)];

    public Step Next() => random.Next(20) switch
    {
        < 9 => Transaction(),
        9 or 10 => Create(),
        11 or 12 => SetParameter(),
        13 or 14 => SetHash(),
        15 => Announce(),
        16 => random.Next(2) == 0 ? RemoveServer() : Heartbeat(),
        17 => TakeLock(),
        18 => ReleaseLock(),
        _ => Work(),
    };

    private Step Transaction()
    {
        var connection = random.Next(2);
        var commits = random.Next(10) > 0;
        var parts = Enumerable.Range(0, random.Next(1, 9)).Select(_ => Part()).ToList();
        return new Step($"connection {connection}: {string.Join("; ", parts.Select(static part => part.What))}; "
            + $"{(commits ? "commit" : "nothing")}", side =>
        {
            using var transaction = (JobStorageTransaction)side.Connections[connection].CreateWriteTransaction();
            List<string> results = [];
            foreach (var part in parts)
                results.Add(new Step(part.What, _ => part.Run(side, transaction)).On(side));
            if (commits)
                transaction.Commit();
            return string.Join(", ", results);
        });
    }

    private (string What, Func<Side, JobStorageTransaction, string> Run) Part()
    {
        var key = names.Key();
        var text = names.Text();
        var other = names.Text();
        var job = names.Job();
        var time = Times[random.Next(Times.Length)];
        var score = names.Score();
        return random.Next(27) switch
        {
            0 =>
                Do($"create '{text}'", (side, t) =>
                    side.Created(t.CreateJob(SampleJobs.Text(side.Argument(text)), Pairs(side, text, other), DateTime.UtcNow, time))),
            1 =>
                Do($"job {job} '{text}' = '{other}'", (side, t) =>
                    t.SetJobParameter(side.Id(job), side.Text(text), other.Length == 0 ? null : side.Text(other))),
            2 or 3 or 4 => SetState(job),
            5 => AddState(job),
            6 => Do($"expire job {job} in {time}", (side, t) => t.ExpireJob(side.Id(job), time)),
            7 => Do($"persist job {job}", (side, t) => t.PersistJob(side.Id(job))),
            8 or 9 => Enqueue(job),
            10 => Do($"count '{key}' up", (side, t) => t.IncrementCounter(side.Text(key))),
            11 => Do($"count '{key}' up for {time}", (side, t) => t.IncrementCounter(side.Text(key), time)),
            12 => Do($"count '{key}' down", (side, t) => t.DecrementCounter(side.Text(key))),
            13 => Do($"set '{key}' + '{text}'", (side, t) => t.AddToSet(side.Text(key), side.Text(text)), names.SetsExpire(key)),
            14 or 15 =>
                Do(
                    $"set '{key}' + '{text}' at {score}", (side, t) => t.AddToSet(side.Text(key), side.Text(text), score),
                    names.SetsExpire(key)),
            16 =>
                Do(
                    $"set '{key}' + '{text}', '{other}'", (side, t) => t.AddRangeToSet(side.Text(key), [side.Text(text), side.Text(other)]),
                    names.SetsExpire(key)),
            17 => Do($"set '{key}' - '{text}'", (side, t) => t.RemoveFromSet(side.Text(key), side.Text(text))),
            18 => random.Next(4) == 0
                ? Do($"remove set '{key}'", (side, t) => t.RemoveSet(side.Text(key)))
                : Do($"set '{key}' expires in {time}", (side, t) => t.ExpireSet(side.Text(key), time), () => names.ExpireSet(key)),
            19 or 20 => Do($"hash '{key}' '{text}' = '{other}'", (side, t) => t.SetRangeInHash(side.Text(key), Pairs(side, text, other))),
            21 => random.Next(4) == 0
                ? Do($"remove hash '{key}'", (side, t) => t.RemoveHash(side.Text(key)))
                : Do($"hash '{key}' expires in {time}", (side, t) => t.ExpireHash(side.Text(key), time)),
            22 or 23 =>
                Do($"list '{key}' + '{text}'", (side, t) => t.InsertToList(side.Text(key), side.Text(text)), names.ListsExpire(key)),
            24 => Do($"list '{key}' - '{text}'", (side, t) => t.RemoveFromList(side.Text(key), side.Text(text))),
            25 => Trim(key),
            _ => Do($"list '{key}' expires in {time}", (side, t) => t.ExpireList(side.Text(key), time), () => names.ExpireList(key)),
        };
    }

    private (string What, Func<Side, JobStorageTransaction, string> Run) SetState(int job)
    {
        var (name, parent, text, reason) = (random.Next(8) == 0 ? names.Text() : States[random.Next(States.Length)], names.Job(),
            names.Text(), names.Text());
        return Do($"job {job} is '{name}'", (side, t) =>
        {
            Tick();
            t.SetJobState(side.Id(job), StateOf(side, name, reason, text, parent));
            if (name == "Enqueued")
                t.AddToQueue(side.Text(names.Queues[0]), side.Id(job));
        });
    }

    private (string What, Func<Side, JobStorageTransaction, string> Run) AddState(int job)
    {
        var name = names.Text();
        var text = names.Text();
        var reason = names.Text();
        return Do($"job {job} was '{name}'", (side, t) => t.AddJobState(side.Id(job), StateOf(side, name, reason, text, job)));
    }

    private (string What, Func<Side, JobStorageTransaction, string> Run) Enqueue(int job)
    {
        var queue = names.Queue();
        return Do($"job {job} into queue '{queue}'", (side, t) => t.AddToQueue(side.Text(queue), side.Id(job)));
    }

    private (string What, Func<Side, JobStorageTransaction, string> Run) Trim(string key)
    {
        var from = random.Next(4);
        var to = random.Next(8);
        return Do($"trim list '{key}' to {from}..{to}", (side, t) => t.TrimList(side.Text(key), from, to));
    }

    private Step Create()
    {
        var text = names.Text();
        var other = names.Text();
        var connection = random.Next(2);
        return new Step($"connection {connection}: create '{text}'", side =>
        {
            side.Created(
                side.Connections[connection]
                    .CreateExpiredJob(SampleJobs.Text(side.Argument(text)), Pairs(side, text, other), DateTime.UtcNow, Times[0]));
            return "";
        });
    }

    private Step SetParameter()
    {
        var job = names.Job();
        var text = names.Text();
        var other = names.Text();
        var connection = random.Next(2);
        return new Step($"connection {connection}: job {job} '{text}' = '{other}'", side =>
        {
            side.Connections[connection].SetJobParameter(side.Id(job), side.Text(text), other.Length == 0 ? null : side.Text(other));
            return "";
        });
    }

    private Step SetHash()
    {
        var key = names.Key();
        var text = names.Text();
        var other = names.Text();
        var connection = random.Next(2);
        return new Step($"connection {connection}: hash '{key}' '{text}' = '{other}'", side =>
        {
            side.Connections[connection].SetRangeInHash(side.Text(key), Pairs(side, text, other));
            return "";
        });
    }

    private Step Announce()
    {
        var server = names.Text();
        var queues = new[] { names.Queue(), names.Queue() };
        var workers = random.Next(50);
        // Announced anew, it may be another server: Hangfire.InMemory keeps what it knows of the old one.
        return new Step($"server '{server}' begins", side =>
        {
            side.Connections[0].RemoveServer(side.Text(server));
            side.Connections[0]
                .AnnounceServer(side.Text(server), new ServerContext { WorkerCount = workers, Queues = [.. queues.Select(side.Text)] });
            return "";
        });
    }

    private Step RemoveServer()
    {
        var server = names.Text();
        return new Step($"server '{server}' ends", side =>
        {
            side.Connections[0].RemoveServer(side.Text(server));
            return "";
        });
    }

    private Step Heartbeat()
    {
        var server = names.Text();
        return new Step($"server '{server}' lives", side =>
        {
            try
            {
                side.Connections[0].Heartbeat(side.Text(server));
                return "alive";
            }
            catch (BackgroundServerGoneException)
            {
                return "gone";
            }
        });
    }

    private Step TakeLock()
    {
        var resource = "lock" + names.Text();
        var connection = random.Next(2);
        return new Step($"connection {connection} locks '{resource}'", side =>
        {
            try
            {
                side.Locks.Add(side.Connections[connection].AcquireDistributedLock(side.Text(resource), TimeSpan.Zero));
                return "locked";
            }
            catch (DistributedLockTimeoutException)
            {
                return "held";
            }
        });
    }

    // Handles stay in the list and are disposed again now and then.
    private Step ReleaseLock()
    {
        var handle = random.Next(8);
        return new Step($"lock {handle} is released", side =>
        {
            if (handle < side.Locks.Count)
                side.Locks[^(handle + 1)].Dispose();
            return "";
        });
    }

    // As a worker: the job is fetched, executed and ended. A conflict with what was changed since is tried again, as Hangfire does.
    private Step Work()
    {
        var queue = names.Queue();
        var begins = random.Next(2) == 0;
        var text = names.Text();
        return new Step($"a worker of '{queue}'", side =>
        {
            var waiting = side.Monitoring.EnqueuedCount(side.Text(queue)) + side.Monitoring.FetchedCount(side.Text(queue));
            if (waiting == 0)
                return "nothing to do";
            using var limit = new CancellationTokenSource(Until.Limit);
            using var fetched = side.Connections[1].FetchNextJob([side.Text(queue)], limit.Token);
            if (begins)
                Change(side, fetched, "Processing", text, ends: false);
            Change(side, fetched, "Succeeded", text, ends: true);
            fetched.RemoveFromQueue();
            return $"{side.Shown(fetched.JobId)} of {waiting}";
        });
    }

    private static void Change(Side side, IFetchedJob fetched, string state, string text, bool ends)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Tick();
                using var held = side.Connections[1].AcquireDistributedLock($"job:{fetched.JobId}:state-lock", Until.Limit);
                side.Connections[1].GetJobData(fetched.JobId);
                using var transaction = (JobStorageTransaction)side.Connections[1].CreateWriteTransaction();
                transaction.SetJobState(fetched.JobId, StateOf(side, state, null, text, 0));
                if (ends)
                    transaction.RemoveFromQueue(fetched);
                transaction.Commit();
                return;
            }
            catch (InvalidOperationException) when (attempt < 3)
            {
            }
        }
    }

    private static GivenState StateOf(Side side, string name, string? reason, string text, int parent) =>
        new(side.Text(name), reason is null ? null : side.Text(reason), new()
        {
            ["ParentId"] = side.Id(parent),
            ["ServerId"] = side.Text(text),
            ["Result"] = text.Length == 0 ? null! : side.Text(text),
            ["at " + side.Text(text)] = side.Text(text),
        });

    // Times of states are compared by their order; two of one moment would have none.
    private static void Tick() => Thread.Sleep(TimeSpan.FromMilliseconds(1));

    private static Dictionary<string, string> Pairs(Side side, string name, string value) =>
        new() { [side.Text(name)] = side.Text(value), ["x" + side.Text(value)] = value.Length == 0 ? null! : side.Text(name) };

    private static (string What, Func<Side, JobStorageTransaction, string> Run) Do(
        string what, Action<Side, JobStorageTransaction> run, Action? note = null)
    {
        note?.Invoke();
        return (what, (side, transaction) =>
        {
            run(side, transaction);
            return "done";
        }
        );
    }

    private static (string What, Func<Side, JobStorageTransaction, string> Run) Do(
        string what, Action<Side, JobStorageTransaction> run, Action<Side, JobStorageTransaction>? then) =>
        Do(what, then is null ? run : run + then, note: null);

    private sealed class GivenState(string name, string? reason, Dictionary<string, string> data) : IState
    {
        public string Name => name;

        public string? Reason => reason;

        public bool IsFinal => false;

        public bool IgnoreJobLoadException => false;

        public Dictionary<string, string> SerializeData() => data;
    }
}
