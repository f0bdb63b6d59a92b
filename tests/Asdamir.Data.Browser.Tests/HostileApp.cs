using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Tests;
using Hangfire.States;

namespace Asdamir.Data.Browser.Tests;

/// <summary>An app in whose schema every text that can be stored tries to become part of a page.</summary>
internal static class HostileApp
{
    /// <summary>A marker that any of it would leave in the window.</summary>
    public const string Marker = "asdamirHit";

    public const string Script = $"<script>window.{Marker}=1;alert(1)</script>";

    public const string Image = $"<img src=x onerror=\"window.{Marker}=2;alert(2)\">";

    public const string Quotes = $"\"'><svg onload=window.{Marker}=3>";

    public static async Task<(WebHost App, IReadOnlyList<string> JobIds)> StartAsync()
    {
        var app = await WebHost.StartAsync(
            "Production",
            jobs => jobs.AddJob<HostileJob>(),
            options =>
            {
                options.AppQueue = "crm";
                options.RunServer = false;
                options.Access.Policy = "viewer";
                options.Access.OperatorPolicy = "operator";
            },
            HeaderAuthentication.Add);
        app.Jobs.AddOrUpdateRecurring<HostileJob, string>(Image, "@daily", new RecurringOptions { Id = Script });
        app.Jobs.AddOrUpdateRecurring<HostileJob, string>(Script, "@hourly", new RecurringOptions { Id = Quotes });
        app.Jobs.PauseRecurring(Quotes, Image);
        var waiting = app.Jobs.Schedule<HostileJob, string>(Quotes, TimeSpan.FromHours(1));
        return (app,
        [
            app.Jobs.Enqueue<HostileJob, string>(Script), waiting, app.Jobs.ContinueWith<HostileJob, string>(Image, waiting),
            Put(app, new FailedState(new InvalidOperationException(Script, new InvalidOperationException(Image))) { Reason = Quotes }),
            Put(app, new SucceededState(Script + Image + Quotes, 1, 1) { Reason = Image }),
            Put(app, new DeletedState { Reason = Script }),
            Put(app, StoredStates.ProcessingBy("crm@web-1:1:2", Script)),
        ]);
    }

    public static string Put(WebHost app, IState state)
    {
        var jobId = app.Jobs.Schedule<HostileJob, string>(Script + Image + Quotes, TimeSpan.FromHours(1));
        app.Jobs.Delete(jobId);
        StoredStates.Put(app.Storage, jobId, state);
        return jobId;
    }

    [JobName("Mail " + Image)]
    private sealed class HostileJob : IJob<string>
    {
        public Task<JobResult> ExecuteAsync(string args, IJobContext ctx, CancellationToken ct = default) =>
            Task.FromResult(JobResult.Success());
    }
}
