using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.Runs;

/// <summary>
/// Texts kept beside a run for as long as it exists. Our storages keep them apart from the run; on any other they are
/// parameters of it.
/// </summary>
internal sealed class RunNotes(JobStorage storage)
{
    public void Write(string runId, Dictionary<string, string> notes)
    {
        if (storage is IRunNotes own)
        {
            own.WriteNotes(runId, notes);
            return;
        }
        using var connection = storage.GetConnection();
        foreach (var (name, value) in notes)
            connection.SetJobParameter(runId, name, value);
    }

    /// <returns>Those of the notes that exist.</returns>
    public IReadOnlyDictionary<string, string> Read(string runId, IEnumerable<string> names)
    {
        if (storage is IRunNotes own)
            return own.ReadNotes(runId);
        using var connection = storage.GetConnection();
        Dictionary<string, string> notes = [];
        foreach (var name in names)
        {
            if (connection.GetJobParameter(runId, name) is { } value)
                notes[name] = value;
        }
        return notes;
    }
}
