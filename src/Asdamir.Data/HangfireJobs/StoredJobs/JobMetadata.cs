using Asdamir.Data.Storage;
using Hangfire;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// Texts that are kept beside a job as long as it exists. Our storages keep them separately; on any other they are
/// parameters of the job.
/// </summary>
internal sealed class JobMetadata(JobStorage storage)
{
    public void Write(string jobId, IReadOnlyDictionary<string, string> notes)
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

    /// <summary>Reads the entries whose names begin with a prefix.</summary>
    public IReadOnlyDictionary<string, string> Read(string jobId, string prefix)
    {
        if (storage is IJobMetadata own)
            return own.ReadMetadata(jobId, prefix);
        return storage.GetMonitoringApi().JobDetails(jobId)?.Properties is { } parameters
            ? parameters.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal) && entry.Value is not null).ToDictionary()
            : [];
    }

    /// <returns>The entries that exist.</returns>
    public IReadOnlyDictionary<string, string> Read(string jobId, string prefix, IEnumerable<string> names)
    {
        if (storage is IJobMetadata own)
            return own.ReadMetadata(jobId, prefix);
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
