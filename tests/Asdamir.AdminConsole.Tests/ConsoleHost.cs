using System.Net;
using Asdamir.AdminConsole.Database;
using Asdamir.AdminConsole.Features.Audit;
using Asdamir.AdminConsole.Features.SignIn;
using Asdamir.AdminConsole.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Asdamir.AdminConsole.Tests;

/// <summary>The console itself, on a free port, with a data folder of its own.</summary>
internal sealed class ConsoleHost : IAsyncDisposable
{
    private readonly List<Visitor> _visitors = [];
    private readonly WebApplication _app;

    private ConsoleHost(WebApplication app, LogCapture logs, TemporaryFolder folder) => (_app, Logs, Folder) = (app, logs, folder);

    public LogCapture Logs { get; }

    public TemporaryFolder Folder { get; }

    public IServiceProvider Services => _app.Services;

    public Uri Url => new(_app.Urls.First());

    public LocalAccounts Accounts => Services.GetRequiredService<LocalAccounts>();

    public ConsoleDatabase Database => Services.GetRequiredService<ConsoleDatabase>();

    public static Task<ConsoleHost> StartAsync(params TestCompany[] companies) =>
        StartAsync([.. companies.Select(static company => company.Settings)]);

    public static async Task<ConsoleHost> StartAsync(
        IReadOnlyList<Dictionary<string, string?>> companies, Dictionary<string, string?>? settings = null, TimeProvider? time = null)
    {
        var folder = new TemporaryFolder();
        var logs = new LogCapture();
        var app = Build(companies, folder, logs, settings, time);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ConsoleHost(app, logs, folder);
    }

    public static WebApplication Build(
        IReadOnlyList<Dictionary<string, string?>> companies, TemporaryFolder folder, LogCapture logs,
        Dictionary<string, string?>? settings = null, TimeProvider? time = null)
    {
        var builder = ConsoleApp.NewBuilder([]);
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["Urls"] = LocalPort.AnyUrl, ["DataFolder"] = folder.Path });
        for (var i = 0; i < companies.Count; i++)
        {
            builder.Configuration.AddInMemoryCollection(
                companies[i].ToDictionary(one => $"Companies:{i}:{one.Key}", static one => one.Value));
        }
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders().AddProvider(logs).AddFilter<LogCapture>(null, LogLevel.Debug);
        // What holds up the end does so for longer than any test waits.
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromMinutes(10));
        // Most of the processor time of these tests would be spent on hashes.
        builder.Services.AddSingleton(new Passwords(1_000));
        if (time is not null)
            builder.Services.AddSingleton(time);
        return ConsoleApp.Build(builder);
    }

    public Visitor NewVisitor()
    {
        var visitor = new Visitor(Url);
        _visitors.Add(visitor);
        return visitor;
    }

    public async Task<Visitor> SignInAsync(string name, string password)
    {
        var visitor = NewVisitor();
        var answer = await TrySignInAsync(visitor, name, password);
        Assert.Equal((HttpStatusCode.Redirect, "/"), (answer.Status, answer.Location));
        return visitor;
    }

    public static async Task<Answer> TrySignInAsync(Visitor visitor, string name, string password, string returnUrl = "") =>
        await visitor.PostAsync(
            "/login", (Visitor.TokenField, await visitor.TokenAsync("/login")), ("name", name), ("password", password),
            ("returnUrl", returnUrl));

    /// <summary>Somebody new with these grants, signed in.</summary>
    public Task<Visitor> WelcomeAsync(string name, params string[] grants) => SignInAsync(name, Accounts.Add(name, grants)!);

    /// <summary>All of a company's audit and what concerns no company, newest first.</summary>
    public IReadOnlyList<AuditEntry> Audit(string company) =>
        Services.GetRequiredService<AuditReader>()
            .Read(company, new AuditFilter(null, null, null, null, null), withUnassigned: true, withIntents: true, 1_000);

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var visitor in _visitors)
            visitor.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Folder.Dispose();
    }
}
