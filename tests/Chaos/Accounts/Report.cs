using System.Globalization;
using Chaos.Faults;
using Chaos.Processes;

namespace Chaos.Accounts;

/// <summary>The account as tables in Markdown.</summary>
internal static class Report
{
    private const int LongestLine = 1_000;

    public static void Print(Account account)
    {
        PrintLedger(account);
        PrintFaults(account);
        Print("Lost", account.Lost);
        Print("Begun again without a fault that explains it", account.Doubles.All.Where(static again => again.Reason is null)
            .Select(static again =>
                $"job {again.Again.JobId} ({again.Again.Kind}) {again.Again.Begun:HH:mm:ss.fff} in {again.Again.Life.Name}"));
        Print("Exclusive jobs at the same time", account.Overlaps.Select(TextOf));
        Print("Jobs beyond a limit", account.BeyondLimits.Select(TextOf));
        Print("Jobs of one unique key at the same time", account.SharedKeys.Select(TextOf));
        Print("Keys of calls with several jobs", account.RepeatedKeys);
        Print(
            "Executed by another app",
            account.Strayed.Select(static execution => $"job {execution.JobId} of {execution.App} in {execution.Life.Name}"));
        Print("Continuations that began before a committed success of their parent", account.EarlyStarts);
        Print("Steps with more than one result", account.ChangedSteps);
        Print("Cursors behind what was stored", account.CursorsBehind);
        Print("Jobs that ended in a transaction without exactly one effect", account.WrongEffects);
        Print(
            "Refused, and executed all the same",
            account.WronglyRefused.Select(static request => $"{request.Kind} {request.Asked:HH:mm:ss.fff} by {request.Life.Name}"));
        Print(
            "Enqueue calls that failed in their own way",
            account.Errors.Select(
                static request => $"{request.Kind} {request.Asked:HH:mm:ss.fff} by {request.Life.Name}: {request.Refusal}"));
        Print("Processes that ended in their own way", account.Accidents);
    }

    private static string TextOf((Execution First, Execution Second, InjectedFault? Reason) overlap) =>
        $"job {overlap.First.JobId} {overlap.First.Begun:HH:mm:ss.fff} in {overlap.First.Life.Name} until "
            + $"{overlap.First.End:HH:mm:ss.fff} and job {overlap.Second.JobId} {overlap.Second.Begun:HH:mm:ss.fff} in "
            + $"{overlap.Second.Life.Name}: {overlap.Reason?.ToString() ?? "UNEXPLAINED"}";

    private static void PrintLedger(Account account)
    {
        var books = account.Books;
        var requests = account.Books.Requests;
        var pickUps = account.Delays.PickUps().OrderBy(static pickUp => pickUp.Delay).ToList();
        Console.WriteLine("\n| ledger | |\n|---|---:|");
        Row("faults", account.Faults.Count);
        Row("enqueued", books.Enqueued);
        foreach (var kind in Enum.GetValues<JobKind>())
            Row($"… {kind.ToString().ToLowerInvariant()}", requests.Count(request => request.Kind == kind && request.JobId is not null));
        Row("enqueue calls refused, nothing written", requests.Count(static request => request.Refusal == "refused"));
        Row("enqueue calls with an unknown outcome, and said so", requests.Count(static request => request.Refusal == "unknown"));
        Row("triggers of a schedule that was not there", requests.Count(static request => request.Refusal == "absent"));
        Row("jobs whose id no caller received (caller killed, or outcome unknown), done", account.Unannounced);
        Row(
            "jobs created by schedules, done",
            books.Executions.Where(static execution => execution.Kind == JobKind.Recurring && execution.IsDone)
                .DistinctBy(static execution => execution.JobId).Count());
        Row(
            "finished",
            books.Finished().Count);
        Row("**lost**", account.Lost.Count);
        Row("rows without a state", account.WithoutState.ToString("N0", CultureInfo.InvariantCulture));
        Row("continuations begun before a committed success", account.EarlyStarts.Count);
        Row("begun more than once", account.Doubles.All.Count);
        Row("… without a fault that explains it", account.Doubles.All.Count(static again => again.Reason is null));
        Row("… although it had been done (its commit was lost)", account.Doubles.DoneAgain);
        Row("attempts used up by faults", account.AttemptsUsedUp);
        Row("exclusive jobs at the same time", account.Overlaps.Count);
        Row("… without a fault that explains it", account.Overlaps.Count(static overlap => overlap.Reason is null));
        Row("jobs beyond a limit", account.BeyondLimits.Count);
        Row("… without a fault that explains it", account.BeyondLimits.Count(static overlap => overlap.Reason is null));
        Row("jobs of one unique key at the same time", account.SharedKeys.Count);
        Row("… without a fault that explains it", account.SharedKeys.Count(static overlap => overlap.Reason is null));
        Row("keys of calls with several jobs", account.RepeatedKeys.Count);
        Row("executed by another app", account.Strayed.Count);
        Row("steps done", books.Steps.Count);
        Row("… with more than one result", account.ChangedSteps.Count);
        Row("cursors stored", books.Cursors.Count(static note => note.IsSaved));
        Row("… and behind that in a later attempt", account.CursorsBehind.Count);
        Row("ended in a transaction", books.Effects.Count);
        Row("… without exactly one effect", account.WrongEffects.Count);
        if (pickUps.Count > 0)
        {
            Row("pick-up delay, median", Seconds(pickUps[pickUps.Count / 2].Delay));
            Row("pick-up delay, p99", Seconds(pickUps[pickUps.Count * 99 / 100].Delay));
            Row(
                "longest pick-up delay",
                $"{Seconds(pickUps[^1].Delay)} ({pickUps[^1].Request.Kind.ToString().ToLowerInvariant()}, "
                    + $"due {pickUps[^1].Request.Due:HH:mm:ss})");
        }
    }

    private static void PrintFaults(Account account)
    {
        var recoveries = account.Delays.Recoveries().ToLookup(static recovery => recovery.Fault.Kind, static recovery => recovery.Time);
        var doubles = account.Doubles.All.ToLookup(static again => again.Reason?.Kind);
        Console.WriteLine("\n| fault | times | jobs begun again | recovery, median | recovery, longest |\n|---|---:|---:|---:|---:|");
        foreach (var kind in account.Faults.GroupBy(static fault => fault.Kind).OrderBy(static kind => kind.Key))
        {
            var times = recoveries[kind.Key].Order().ToList();
            Console.WriteLine(
                $"| {kind.Key.Text()} | {kind.Count()} | {doubles[kind.Key].Count()} | "
                    + $"{(times.Count == 0 ? "–" : Seconds(times[times.Count / 2]))} | {(times.Count == 0 ? "–" : Seconds(times[^1]))} |");
        }
    }

    private static void Print(string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0)
            return;
        Console.WriteLine($"\n{title}: {all.Count}");
        foreach (var line in all.Take(20))
            Console.WriteLine($"  {(line.Length > LongestLine ? line[..LongestLine] + " …" : line)}");
    }

    private static void Row(string what, int count) => Row(what, count.ToString("N0", CultureInfo.InvariantCulture));

    private static void Row(string what, string figure) => Console.WriteLine($"| {what} | {figure} |");

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s");
}
