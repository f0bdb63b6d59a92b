using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Collects the progress and the log of one job and saves them at most once a second and at the end. A failing storage does not fail
/// the job: what it did not accept is kept and saved later, also after the job.
/// </summary>
/// <param name="unsaved">Keeps the journal when the job ends while the storage does not answer.</param>
internal sealed partial class JobJournal(
    JobMetadata notes, string jobId, UnsavedJournals unsaved, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private const int MaxLineCharacters = 2_000;
    private const int MaxProgressTextCharacters = 200;
    private const int LineOverhead = 64;
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Lock _saving = new();
    private readonly List<List<JobLogLine>> _full = [];
    private List<JobLogLine> _lines = [];
    private int _lineCharacters;
    private bool _linesChanged;
    private JobProgress? _unsavedProgress;
    private int? _chunkNumber;
    private ITimer? _timer;

    public string JobId => jobId;

    public void Report(double percent, string? text)
    {
        var progress = new JobProgress(Math.Clamp(percent, 0, 100), Cut(text, MaxProgressTextCharacters), time.GetUtcNow());
        lock (_gate)
        {
            _unsavedProgress = progress;
            SaveSoon();
        }
    }

    public void Append(LogLevel level, string message)
    {
        var line = new JobLogLine { At = time.GetUtcNow(), Level = level, Message = Cut(message, MaxLineCharacters)! };
        var characters = line.Message.Length + LineOverhead;
        lock (_gate)
        {
            if (_lines.Count > 0 && _lineCharacters + characters > JobLog.ChunkCharacters)
            {
                KeepFull([_lines]);
                _lines = [];
                _lineCharacters = 0;
            }
            _lines.Add(line);
            _lineCharacters += characters;
            _linesChanged = true;
            SaveSoon();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_timer is null)
            return;
        await _timer.DisposeAsync().ConfigureAwait(false);
        if (!Save())
            unsaved.Keep(this);
    }

    // Requires the gate.
    private void SaveSoon() => _timer ??= time.CreateTimer(_ => TrySave(), null, SaveInterval, SaveInterval);

    private void TrySave()
    {
        try
        {
            Save();
        }
        catch (Exception)
        {
            // The logger failed, too; an exception in a timer would end the process.
        }
    }

    /// <returns>Whether nothing is left to save.</returns>
    public bool Save()
    {
        lock (_saving)
        {
            var (progress, full, growing) = TakeUnsaved();
            if (progress is null && full.Count == 0 && growing.Count == 0)
                return true;
            try
            {
                Dictionary<string, string> changed = [];
                if (progress is not null)
                    JobLog.Add(changed, progress);
                var next = AddChunks(changed, full, growing);
                notes.Write(jobId, changed);
                _chunkNumber = next;
                return true;
            }
            catch (Exception exception)
            {
                PutBack(progress, full, growing.Count > 0);
                Log.JournalNotSaved(log, exception, jobId);
                return false;
            }
        }
    }

    /// <returns>The changed chunks: each full chunk once, and the growing one whenever it has new lines.</returns>
    private (JobProgress? Progress, List<List<JobLogLine>> Full, List<JobLogLine> Growing) TakeUnsaved()
    {
        lock (_gate)
        {
            var taken = (_unsavedProgress, _full.ToList(), _linesChanged ? _lines.ToList() : []);
            _unsavedProgress = null;
            _full.Clear();
            _linesChanged = false;
            return taken;
        }
    }

    private void PutBack(JobProgress? progress, List<List<JobLogLine>> full, bool hasGrowing)
    {
        lock (_gate)
        {
            _unsavedProgress ??= progress;
            var later = _full.ToList();
            _full.Clear();
            KeepFull([.. full, .. later]);
            _linesChanged |= hasGrowing;
        }
    }

    // Requires the gate. The stored log keeps no more chunks.
    private void KeepFull(IEnumerable<List<JobLogLine>> chunks)
    {
        _full.AddRange(chunks);
        _full.RemoveRange(0, Math.Max(0, _full.Count - JobLog.ChunkCount));
    }

    /// <returns>The number of the growing chunk.</returns>
    private int? AddChunks(Dictionary<string, string> changed, List<List<JobLogLine>> full, List<JobLogLine> growing)
    {
        if (full.Count == 0 && growing.Count == 0)
            return _chunkNumber;
        // The first chunk of an attempt follows the last one of the previous attempt.
        var number = _chunkNumber ?? JobLog.ReadHead(notes, jobId) + 1;
        foreach (var lines in full)
            JobLog.Add(changed, new JobLogChunk(number++, lines));
        if (growing.Count > 0)
            JobLog.Add(changed, new JobLogChunk(number, growing));
        return number;
    }

    private static string? Cut(string? text, int length) =>
        text is { } value && value.Length > length ? string.Concat(value.AsSpan(0, length - 1), "…") : text;

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1201, Level = LogLevel.Debug,
            Message = "Progress and log of job {JobId} could not be saved yet; they are kept and saved later")]
        public static partial void JournalNotSaved(ILogger logger, Exception exception, string jobId);
    }
}
