using System.Collections.Concurrent;
using System.Globalization;
using Asdamir.AdminConsole.Companies;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Asdamir.AdminConsole.Shell.Live;

/// <summary>Draws views outside a request.</summary>
internal sealed partial class LiveFragments(IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    // Half of a company's reads: however many views are open, its pages answer.
    internal const int AtATime = Company.MaxReads / 2;

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();
    private readonly ILogger _log = loggers.CreateLogger<LiveFragments>();

    /// <param name="view">What to draw.</param>
    /// <param name="cancellationToken">Has an effect until the drawing begins.</param>
    public async Task<LiveUpdate> TakeAsync(LiveFragment view, CancellationToken cancellationToken)
    {
        var turns = _turns.GetOrAdd(view.Company, static _ => new SemaphoreSlim(AtATime));
        await turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            CultureInfo.CurrentUICulture = view.Language;
            await using var scope = scopes.CreateAsyncScope();
            await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
            var html = await renderer.Dispatcher.InvokeAsync(async () =>
                (await renderer.RenderComponentAsync(view.Component, ParameterView.FromDictionary(view.Parameters)).ConfigureAwait(true))
                    .ToHtmlString()).ConfigureAwait(false);
            var hasProblem = scope.ServiceProvider.GetRequiredService<PageReads>().HasProblem;
            return hasProblem ? new LiveUpdate("stale", "") : new LiveUpdate("view", html);
        }
        catch (Exception exception)
        {
            // The pages keep what they have, and the next picture may succeed.
            Log.PictureFailed(_log, exception, new LogText(view.Key));
            return new LiveUpdate("stale", "");
        }
        finally
        {
            turns.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2101, Level = LogLevel.Error, Message = "The live view {View} could not be drawn")]
        public static partial void PictureFailed(ILogger logger, Exception exception, LogText view);
    }
}
