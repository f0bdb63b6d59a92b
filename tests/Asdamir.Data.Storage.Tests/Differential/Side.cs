using Hangfire;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Differential;

/// <summary>
/// One of the two storages a job compares, with what differs between them: the ids of its jobs, and the texts it is given.
/// </summary>
internal sealed class Side : IDisposable
{
    private const string Unknown = "9223372036854775806";

    private readonly Func<string, string> _text;
    private readonly List<string> _ids = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public Side(JobStorage storage, Func<string, string> text)
    {
        Storage = storage;
        _text = text;
        Connections = [.. Enumerable.Range(0, 2).Select(_ => (JobStorageConnection)storage.GetConnection())];
    }

    public JobStorage Storage { get; }

    public JobStorageConnection[] Connections { get; private set; }

    public IMonitoringApi Monitoring => Storage.GetMonitoringApi();

    public List<IDisposable> Locks { get; } = [];

    /// <summary>A text as this storage is given it.</summary>
    public string Text(string text) => _text(text);

    /// <summary>A text as it stands in the arguments of a job, whose JSON escapes the character 0 and no half of a pair.</summary>
    public string Argument(string text) => text == _text(text) ? text : string.Concat(text.EnumerateRunes());

    /// <summary>The id of a job by its number; one that no job has for a number beyond them.</summary>
    public string Id(int number) => number < _ids.Count ? _ids[number] : Unknown;

    public void Created(string id)
    {
        _numbers.Add(id, _ids.Count);
        _ids.Add(id);
    }

    /// <summary>An id as both sides show it.</summary>
    public string Shown(string? id) =>
        id is null ? "null" : _numbers.TryGetValue(id, out var number) ? $"job {number}" : id == Unknown ? "unknown job" : Quoted(id);

    public static string Quoted(string? text) => text is null ? "null" : System.Text.Json.JsonSerializer.Serialize(text);

    public string Shown(IEnumerable<KeyValuePair<string, string>>? pairs) => pairs is null
        ? "none"
        : $"{{{string.Join(", ", pairs.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{Quoted(pair.Key)}: {Shown(pair.Value)}"))}}}";

    public void Dispose()
    {
        foreach (var held in Locks)
            held.Dispose();
        foreach (var connection in Connections)
            connection.Dispose();
        (Storage as IDisposable)?.Dispose();
    }
}
