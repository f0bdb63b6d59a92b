using System.Globalization;
using System.Text;
using Chaos.Processes;

namespace Chaos.Accounts;

/// <summary>What all processes have written into their ledgers, read as it grows.</summary>
internal sealed class Books(string folder)
{
    private readonly Dictionary<Life, long> _read = [];
    private readonly Dictionary<string, Request> _requests = [];
    private readonly Dictionary<string, Execution> _executions = [];

    public ICollection<Request> Requests => _requests.Values;

    public List<Execution> Executions { get; } = [];

    /// <summary>What the steps of jobs returned.</summary>
    public List<(string JobId, string Step, string Result)> Steps { get; } = [];

    /// <summary>From where attempts continued by a cursor, and what they stored in it, in no order.</summary>
    public List<CursorNote> Cursors { get; } = [];

    /// <summary>The jobs that have ended in transactions, once for each of these.</summary>
    public IReadOnlyList<string> Effects { get; set; } = [];

    public int Enqueued { get; private set; }

    public int Done { get; private set; }

    /// <summary>The jobs whose id a caller received, or that have begun, and that are not done yet.</summary>
    public IReadOnlyCollection<string> Undone()
    {
        var jobs = _requests.Values.Select(static request => request.JobId).Concat(Executions.Select(static execution => execution.JobId))
            .OfType<string>().ToHashSet();
        jobs.ExceptWith(Finished());
        return jobs;
    }

    /// <summary>The jobs that have recorded their end, in a ledger or in their transaction.</summary>
    public HashSet<string> Finished() =>
        [.. Executions.Where(static execution => execution.IsDone).Select(static execution => execution.JobId), .. Effects];

    public void Read(IEnumerable<Life> lives)
    {
        foreach (var life in lives)
            Read(life);
    }

    // The last line of a killed process may be cut off.
    private void Read(Life life)
    {
        var path = Path.Combine(folder, life.Name);
        if (!File.Exists(path))
            return;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = _read.GetValueOrDefault(life);
        var bytes = new byte[file.Length - file.Position];
        file.ReadExactly(bytes);
        var end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        _read[life] = _read.GetValueOrDefault(life) + end;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Read(life, line.Split(' '));
    }

    private void Read(Life life, string[] words)
    {
        var at = new DateTime(long.Parse(words[1], CultureInfo.InvariantCulture), DateTimeKind.Utc);
        switch (words[0])
        {
            case "asked":
                _requests[words[2]] = new Request(
                    words[2], Enum.Parse<JobKind>(words[3]), TextOrNull(words[4]), TextOrNull(words[5]), life, at);
                break;
            case "enqueued":
                Enqueued++;
                (_requests[words[2]].JobId, _requests[words[2]].Due) = (words[3],
                    at.AddTicks(long.Parse(words[4], CultureInfo.InvariantCulture)));
                break;
            case "refused" or "unknown" or "error" or "absent":
                _requests[words[2]].Refusal = $"{words[0]} {string.Join(' ', words[3..])}".TrimEnd();
                break;
            case "begun":
                var execution = new Execution(
                    words[2], Number(words[4]), words[5], Enum.Parse<JobKind>(words[6]), words[7], Number(words[8]), life, at);
                Executions.Add(execution);
                _executions.Add(words[3], execution);
                break;
            case "stepped":
                Steps.Add((words[2], words[5], words[6]));
                break;
            case "resumed" or "saved":
                Cursors.Add(new CursorNote(words[2], at, Number(words[5]), IsSaved: words[0] == "saved"));
                break;
            default:
                var over = _executions[words[3]];
                over.Over = at;
                over.Outcome = words[0];
                if (over.IsDone)
                    Done++;
                break;
        }
    }

    private static string? TextOrNull(string text) => text == Flow.Nothing ? null : text;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
