using Asdamir.Data.Docs.Tests.Examples;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Logging;

// The example shows a choice: the second storage wins, and its file is created in the folder of the test.
public static class Harness
{
    public static async Task RunAsync(ExampleContext context)
    {
        var builder = context.CreateBuilder();
        var services = builder.Services;
        //<example 1>
        services.AddHangfire(configuration => configuration.UseSqliteJobStorage($"Data Source={Path.Combine(context.Folder, "jobs.db")}"));
        await using var app = builder.Build();
        Xunit.Assert.NotEmpty(app.Services.GetRequiredService<IBackgroundJobClient>().Enqueue(() => Console.Out.Flush()));

        // Hangfire keeps the log of this host in a static, also after the host's end.
        LogProvider.SetCurrentLogProvider(null);
    }
}
