using Microsoft.Extensions.Logging;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>Writes to the app's log and, from Information up, to the job's log.</summary>
internal sealed class JobLogger(ILogger app, JobJournal journal) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => app.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None || app.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        app.Log(logLevel, eventId, state, exception, formatter);
        if (logLevel is >= LogLevel.Information and < LogLevel.None)
        {
            var message = formatter(state, exception);
            journal.Append(logLevel, exception is null ? message : $"{message}{Environment.NewLine}{StorableException.Of(exception)}");
        }
    }
}
