using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Collects the progress and the log of one job and saves them at most once a second and at the end. A failing storage loses
/// lines, but does not fail the job.
/// </summary>
internal sealed partial class JobJournal(JobMetadata notes, string jobId, TimeProvider time, ILogger log) : IAsyncDisposable
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
                _full.Add(_lines);
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
        Save();
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

    private void Save()
    {
        lock (_saving)
        {
            try
            {
                var (progress, chunks) = TakeUnsaved();
                if (progress is null && chunks.Count == 0)
                    return;
                Dictionary<string, string> changed = [];
                if (progress is not null)
                    JobLog.Add(changed, progress);
                AddChunks(changed, chunks);
                notes.Write(jobId, changed);
            }
            catch (Exception exception)
            {
                Log.JournalNotSaved(log, exception, jobId);
            }
        }
    }

    /// <returns>The changed chunks: each full chunk once, and the growing one whenever it has new lines.</returns>
    private (JobProgress? Progress, List<(bool IsFull, IReadOnlyList<JobLogLine> Lines)> Chunks) TakeUnsaved()
    {
        lock (_gate)
        {
            var progress = _unsavedProgress;
            _unsavedProgress = null;
            List<(bool, IReadOnlyList<JobLogLine>)> chunks = [.. _full.Select(lines => (true, (IReadOnlyList<JobLogLine>)lines))];
            _full.Clear();
            if (_linesChanged)
                chunks.Add((false, [.. _lines]));
            _linesChanged = false;
            return (progress, chunks);
        }
    }

    private void AddChunks(Dictionary<string, string> changed, List<(bool IsFull, IReadOnlyList<JobLogLine> Lines)> chunks)
    {
        foreach (var (isFull, lines) in chunks)
        {
            // The first chunk of an attempt follows the last one of the previous attempt.
            _chunkNumber ??= JobLog.ReadHead(notes, jobId) + 1;
            JobLog.Add(changed, new JobLogChunk(_chunkNumber.Value, lines));
            if (isFull)
                _chunkNumber++;
        }
    }

    private static string? Cut(string? text, int length) =>
        text is { } value && value.Length > length ? string.Concat(value.AsSpan(0, length - 1), "…") : text;

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1201, Level = LogLevel.Debug,
            Message = "Progress and log of job {JobId} could not be saved; the next lines try again")]
        public static partial void JournalNotSaved(ILogger logger, Exception exception, string jobId);
    }
}
