using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// Texts that are kept beside a job as long as it exists. Our storages keep them separately; on any other they are
/// parameters of the job.
/// </summary>
internal sealed class JobMetadata(JobStorage storage)
{
    public void Write(string jobId, Dictionary<string, string> notes)
    {
        if (storage is IJobMetadata own)
        {
            own.WriteMetadata(jobId, notes);
            return;
        }
        using var connection = storage.GetConnection();
        foreach (var (name, value) in notes)
            connection.SetJobParameter(jobId, name, value);
    }

    /// <returns>The entries that exist.</returns>
    public IReadOnlyDictionary<string, string> Read(string jobId, IEnumerable<string> names)
    {
        if (storage is IJobMetadata own)
            return own.ReadMetadata(jobId);
        using var connection = storage.GetConnection();
        Dictionary<string, string> notes = [];
        foreach (var name in names)
        {
            if (connection.GetJobParameter(jobId, name) is { } value)
                notes[name] = value;
        }
        return notes;
    }
}
