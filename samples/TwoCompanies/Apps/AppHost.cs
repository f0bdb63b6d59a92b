using Asdamir.Data.HangfireJobs;

namespace TwoCompanies.Apps;

/// <summary>The process of one app: a host without HTTP. The storage comes from the launcher, in environment variables.</summary>
public static class AppHost
{
    public static async Task<int> RunAsync(IApp app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddSimpleConsole(static console => console.TimestampFormat = "HH:mm:ss ");
        app.AddJobs(builder.Services.AddCoreHangfireJobs(builder.Configuration, options =>
        {
            options.AppQueue = app.Code;
            options.RecurringJobIdPrefix = app.Code;
        }));
        builder.Services.AddSingleton(app);
        builder.Services.AddSingleton<PaymentGateway>();
        builder.Services.AddHostedService<IncomingWork>();

        using var host = builder.Build();
        StopWithLauncher(host.Services.GetRequiredService<IHostApplicationLifetime>());
        await host.RunAsync();
        return 0;
    }

    // The launcher never writes to the app's input: it ends when the launcher closes it, or dies.
    private static void StopWithLauncher(IHostApplicationLifetime lifetime) => new Thread(() =>
    {
        Console.In.ReadToEnd();
        lifetime.StopApplication();
    })
    { IsBackground = true }.Start();
}
