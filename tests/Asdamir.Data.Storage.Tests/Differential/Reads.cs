using System.Globalization;
using Hangfire.States;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace Asdamir.Data.Storage.Tests.Differential;

/// <summary>What both storages are asked, as text.</summary>
internal sealed class Reads(Random random, Names names)
{
    public Step Next()
    {
        var key = names.Key();
        var text = names.Text();
        var job = names.Job();
        // See Declared.LowestOfALimitIsTheFirst.
        var from = random.Next(-1, 4);
        var to = random.Next(-1, 9);
        var score = Math.BitDecrement(names.Score());
        var other = names.Score();
        return random.Next(15) switch
        {
            0 =>
                Ask($"first of set '{key}' from {score} to {other}", (side, c) =>
                    Side.Quoted(c.GetFirstByLowestScoreFromSet(side.Text(key), score, other))),
            1 =>
                Ask($"first {to} of set '{key}' from {score} to {other}", (side, c) =>
                    List(c.GetFirstByLowestScoreFromSet(side.Text(key), score, other, to))),
            2 => Ask($"set '{key}' {from}..{to}", (side, c) => List(c.GetRangeFromSet(side.Text(key), from, to))),
            3 => Ask($"set '{key}' has '{text}'", (side, c) => $"{c.GetSetContains(side.Text(key), side.Text(text))}"),
            4 =>
                Ask($"count of sets up to {to}", (side, c) =>
                    $"{c.GetSetCount([side.Text(key), side.Text(names.Keys[0] == key ? names.Keys[1] : names.Keys[0])], to)}"),
            5 => Ask($"hash '{key}' '{text}'", (side, c) => Side.Quoted(c.GetValueFromHash(side.Text(key), side.Text(text)))),
            6 => Ask($"list '{key}' {from}..{to}", (side, c) => List(c.GetRangeFromList(side.Text(key), from, to))),
            7 => Ask($"parameter '{text}' of job {job}", (side, c) => Side.Quoted(c.GetJobParameter(side.Id(job), side.Text(text)))),
            8 => State(job),
            9 or 10 => Data(job),
            11 => Details(job),
            12 => Key(key),
            13 => Lists(from + 1, Math.Max(to, 1)),
            _ => Queue(names.Queue()),
        };
    }

    public IEnumerable<Step> All()
    {
        foreach (var key in names.Keys)
            yield return Key(key);
        // One beyond those that are there.
        for (var job = 0; job <= 30; job++)
        {
            yield return Data(job);
            yield return State(job);
            yield return Details(job);
        }
        yield return Lists(0, 100);
        foreach (var queue in names.Queues)
            yield return Queue(queue);
        yield return Overview();
    }

    private static Step Key(string key) => new($"all of '{key}'", side =>
    {
        var c = side.Connections[0];
        var k = side.Text(key);
        return $"""
            set {List(c.GetRangeFromSet(k, 0, 999))} {List(c.GetAllItemsFromSet(k).Order(StringComparer.Ordinal))} {c.GetSetCount(k)} {Time(c.GetSetTtl(k))}
            hash {side.Shown(c.GetAllEntriesFromHash(k))} {c.GetHashCount(k)} {Time(c.GetHashTtl(k))}
            list {List(c.GetAllItemsFromList(k))} {c.GetListCount(k)} {Time(c.GetListTtl(k))}
            counter {c.GetCounter(k)}
            """;
    });

    private Step State(int job) => Ask($"state of job {job}", (side, c) =>
        c.GetStateData(side.Id(job)) is { } state
            ? $"{Side.Quoted(state.Name)} {Side.Quoted(state.Reason)} {side.Shown(state.Data)}"
            : "none");

    private Step Data(int job) => Ask($"job {job}", (side, c) => c.GetJobData(side.Id(job)) is { } data
        ? $"{Side.Quoted(data.State)} {Side.Quoted((string)data.Job.Args[0])} {side.Shown(data.ParametersSnapshot)} "
            + $"{data.InvocationData.Method} {data.LoadException}"
        : "none");

    private static Step Details(int job) => new($"details of job {job}", side =>
    {
        if (side.Monitoring.JobDetails(side.Id(job)) is not { } details)
            return "none";
        // Our storages write the entry of Processing when the job leaves that state: after what others add to the history meanwhile.
        var history = details.History.OrderBy(static state => state.StateName == ProcessingState.StateName).Select(
            state => $"{Side.Quoted(state.StateName)} {Side.Quoted(state.Reason)} {side.Shown(state.Data)}");
        return $"{Side.Quoted((string)details.Job.Args[0])} {side.Shown(details.Properties)} {Time(details.ExpireAt - DateTime.UtcNow)} "
            + $"[{string.Join(", ", history)}]";
    });

    private static Step Lists(int from, int count) => new($"lists by state {from} +{count}", side =>
    {
        var m = side.Monitoring;
        return $"""
            {m.ProcessingCount()} {Ids(side, m.ProcessingJobs(from, count), static job => job.InProcessingState, static job => job.ServerId)}
            {m.ScheduledCount()} {Ids(side, m.ScheduledJobs(from, count), static job => job.InScheduledState, static _ => null)}
            {m.SucceededListCount()} {Ids(side, m.SucceededJobs(from, count), static job => job.InSucceededState, static job => job.Result as string)}
            {m.FailedCount()} {Ids(side, m.FailedJobs(from, count), static job => job.InFailedState, static job => job.Reason)}
            {m.DeletedListCount()} {Ids(side, m.DeletedJobs(from, count), static job => job.InDeletedState, static _ => null)}
            {((JobStorageMonitor)m).AwaitingCount()} {Ids(side, ((JobStorageMonitor)m).AwaitingJobs(from, count), static job => job.InAwaitingState, static job => job.ParentStateName)}
            """;
    });

    // See Declared.FetchedEntriesKeepTheirPlace: those that are claimed ahead are the first ones.
    private static Step Queue(string queue) => new($"queue '{queue}'", side =>
    {
        var m = side.Monitoring;
        var q = side.Text(queue);
        var fetched = m.FetchedJobs(q, 0, 1_000).Select(job => side.Shown(job.Key));
        var enqueued = m.EnqueuedJobs(q, 0, 1_000).Select(job => side.Shown(job.Key));
        return $"{m.EnqueuedCount(q) + m.FetchedCount(q)} {string.Join(", ", fetched.Concat(enqueued))}";
    });

    private static Step Overview() => new("overview", side =>
    {
        var m = side.Monitoring;
        var statistics = m.GetStatistics();
        var servers = m.Servers().Select(server => $"{Side.Quoted(server.Name)} {server.WorkersCount} {List(server.Queues)}");
        // See Declared.EmptyQueuesAreNotShown.
        var queues = m.Queues().Where(static queue => queue.Length + (queue.Fetched ?? 0) > 0)
            .Select(static queue => $"{Side.Quoted(queue.Name)} {queue.Length + (queue.Fetched ?? 0)}").Order(StringComparer.Ordinal);
        return $"""
            {statistics.Processing} {statistics.Scheduled} {statistics.Failed} {statistics.Awaiting} {statistics.Succeeded} {statistics.Deleted}
            {statistics.Recurring} {statistics.Retries} {statistics.Servers}
            {string.Join(", ", servers)}
            {string.Join(", ", queues)}
            """;
    });

    private Step Ask(string what, Func<Side, JobStorageConnection, string> read)
    {
        var connection = random.Next(2);
        return new Step($"connection {connection}: {what}", side => read(side, side.Connections[connection]));
    }

    private static string Ids<T>(Side side, JobList<T> jobs, Func<T, bool> isIn, Func<T, string?> detail) =>
        string.Join(", ", jobs.Select(job => $"{side.Shown(job.Key)} {isIn(job.Value)} {Side.Quoted(detail(job.Value))}"));

    private static string List(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(Side.Quoted))}]";

    // The time the job itself has taken is no difference.
    private static string Time(TimeSpan? left) =>
        left is { } time && time >= TimeSpan.Zero
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Round(time.TotalHours)} h")
            : "stays";
}
