using Apps.Described;
using Asdamir.Data.HangfireJobs;

// An app whose routes are described while it is built, and that enqueues as soon as it has started.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddOpenApi();
builder.Services.AddCoreHangfireJobs(builder.Configuration);

var app = builder.Build();
app.MapOpenApi();
app.UseCoreHangfireApi();
app.UseCoreHangfireDashboard();
app.MapPost("/mails", static (IHangfireJobService jobs) => jobs.Enqueue<MailJob>());
app.Services.GetRequiredService<IHangfireJobService>().AddOrUpdateRecurring<MailJob>("@yearly");
app.Lifetime.ApplicationStarted.Register(() => app.Services.GetRequiredService<IHangfireJobService>().Enqueue<MailJob>());
app.Run();
