using System.Collections.Frozen;
using System.Diagnostics;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Storage;

namespace Asdamir.AdminConsole.Companies;

/// <summary>
/// A company and the only way to its jobs. Reads are bounded in number and time, so that a database that is down or
/// slow costs its own pages an error and the other companies nothing.
/// </summary>
public sealed partial class Company : IDisposable
{
    /// <summary>The most reads at the same time.</summary>
    internal const int MaxReads = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _reads = new(MaxReads);
    private volatile Problem? _problem;
    private long _downUntil;

    internal Company(CompanyOptions options, IJobMonitor monitor, TimeProvider time, ILogger<Company> log)
    {
        Code = options.Code;
        Name = options.Name.Length == 0 ? options.Code : options.Name;
        ViewerGroups = Groups(options.Viewers);
        OperatorGroups = Groups(options.Operators);
        Monitor = monitor;
        _time = time;
        _log = log;
        Names = new CompanyNames(this, time);
    }

    public string Code { get; }

    public string Name { get; }

    internal CompanyNames Names { get; }

    internal FrozenSet<string> ViewerGroups { get; }

    internal FrozenSet<string> OperatorGroups { get; }

    /// <summary>For actions, which are not bounded in time: what was begun is finished.</summary>
    internal IJobMonitor Monitor { get; }

    /// <summary>Reads from the company's storage. Does not throw: what went wrong is part of the answer.</summary>
    internal async Task<ReadResult<T>> ReadAsync<T>(Func<IJobMonitor, Task<T>> read)
    {
        if (_time.GetUtcNow().Ticks < Volatile.Read(ref _downUntil) && _problem is { } known)
            return new ReadResult<T>(default, known);
        // While the database hangs, all places are taken and further reads fail here.
        if (!await _reads.WaitAsync(Patience).ConfigureAwait(false))
            return Fail<T>(new TimeoutException("All reads of this company are waiting for its database."));
        var work = HoldPlaceAsync(read);
        try
        {
            var value = await work.WaitAsync(Patience, _time).ConfigureAwait(false);
            _problem = null;
            return new ReadResult<T>(value, null);
        }
        catch (Exception exception)
        {
            Observe(work);
            var part = Fail<T>(exception);
            if (exception is JobStorageUnavailableException or TimeoutException)
                Volatile.Write(ref _downUntil, (_time.GetUtcNow() + Rest).Ticks);
            return part;
        }
    }

    /// <summary>Reads what a page can do without. That it fails says nothing about the company.</summary>
    /// <returns><see langword="null"/> when it failed.</returns>
    internal async Task<T?> ReadAsideAsync<T>(Func<IJobMonitor, Task<T>> read) where T : class
    {
        if (_time.GetUtcNow().Ticks < Volatile.Read(ref _downUntil) || !await _reads.WaitAsync(Patience).ConfigureAwait(false))
            return null;
        var work = HoldPlaceAsync(read);
        try
        {
            return await work.WaitAsync(Patience, _time).ConfigureAwait(false);
        }
        catch (Exception)
        {
            Observe(work);
            return null;
        }
    }

    // A read that takes too long keeps its place until it has ended.
    private async Task<T> HoldPlaceAsync<T>(Func<IJobMonitor, Task<T>> read)
    {
        try
        {
            return await read(Monitor).ConfigureAwait(false);
        }
        finally
        {
            _reads.Release();
        }
    }

    public void Dispose()
    {
        Monitor.Dispose();
        _reads.Dispose();
    }

    // Nothing awaits it any more.
    private static void Observe(Task work) => _ = work.ContinueWith(
        static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private ReadResult<T> Fail<T>(Exception exception)
    {
        var traceId = Activity.Current?.TraceId.ToString() ?? ActivityTraceId.CreateRandom().ToString();
        Log.ReadFailed(_log, exception, Code, traceId);
        var problem = new Problem(TitleOf(exception), traceId, _problem?.Since ?? _time.GetUtcNow());
        _problem = problem;
        return new ReadResult<T>(default, problem);
    }

    private string TitleOf(Exception exception) => exception switch
    {
        TimeoutException => CompanyTexts.FormatTimedOut(Name),
        JobStorageUnavailableException { Fault: var fault } => fault switch
        {
            JobStorageFault.Unreachable => CompanyTexts.FormatUnreachable(Name),
            JobStorageFault.TimedOut => CompanyTexts.FormatTimedOut(Name),
            JobStorageFault.Restarting => CompanyTexts.FormatRestarting(Name),
            JobStorageFault.SignInRefused => CompanyTexts.FormatSignInRefused(Name),
            JobStorageFault.AccessDenied => CompanyTexts.FormatAccessDenied(Name),
            JobStorageFault.DatabaseMissing => CompanyTexts.FormatDatabaseMissing(Name),
            JobStorageFault.TablesMissing => CompanyTexts.FormatTablesMissing(Name),
            JobStorageFault.TablesOutdated => CompanyTexts.FormatTablesOutdated(Name),
            JobStorageFault.ReadOnly => CompanyTexts.FormatReadOnly(Name),
            JobStorageFault.DiskFull => CompanyTexts.FormatDiskFull(Name),
            JobStorageFault.Overloaded => CompanyTexts.FormatOverloaded(Name),
            _ => CompanyTexts.FormatStorageDoesNotAnswer(Name),
        },
        _ => CompanyTexts.FormatUnreadable(Name),
    };

    private static FrozenSet<string> Groups(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 2001, Level = LogLevel.Warning,
            Message = "The job storage of company {Company} could not be read (trace {TraceId})")]
        public static partial void ReadFailed(ILogger logger, Exception exception, string company, string traceId);
    }
}
