using Asdamir.AdminConsole.Companies;
using Asdamir.Data.HangfireJobs.Runs;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Asdamir.AdminConsole.Live;

/// <summary>Draws views outside a request.</summary>
internal sealed partial class LivePictures(IServiceScopeFactory scopes, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger<LivePictures>();

    public async Task<LiveUpdate> TakeAsync(LiveView view)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
            var html = await renderer.Dispatcher.InvokeAsync(async () =>
                (await renderer.RenderComponentAsync(view.Component, ParameterView.FromDictionary(view.Parameters)).ConfigureAwait(true)).ToHtmlString()).ConfigureAwait(false);
            return scope.ServiceProvider.GetRequiredService<Reads>().HasProblem ? new LiveUpdate("stale", "") : new LiveUpdate("view", html);
        }
        catch (Exception exception)
        {
            // The pages keep what they have, and the next picture may succeed.
            Log.PictureFailed(_log, exception, new LogText(view.Key));
            return new LiveUpdate("stale", "");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2101, Level = LogLevel.Error, Message = "The live view {View} could not be drawn")]
        public static partial void PictureFailed(ILogger logger, Exception exception, LogText view);
    }
}
