using System.IO.Compression;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Database;
using Asdamir.AdminConsole.Features.Audit;
using Asdamir.AdminConsole.Features.Operations;
using Asdamir.AdminConsole.Features.SignIn;
using Asdamir.AdminConsole.Shell;
using Asdamir.AdminConsole.Shell.Live;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Asdamir.AdminConsole.Hosting;

/// <summary>Puts the console together.</summary>
internal static class ConsoleApp
{
    private const string DefaultAddress = "http://127.0.0.1:5090";
    private static readonly string[] AddressKeys = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];

    public static int Run(string[] args)
    {
        try
        {
            var app = Build(NewBuilder(args));
            app.Services.GetRequiredService<ISignInMode>().Prepare(Console.Out);
            app.Run();
            return 0;
        }
        catch (ConsoleMisconfiguredException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }

    public static WebApplicationBuilder NewBuilder(string[] args) =>
        // Its own settings lie beside the program, wherever it is started from.
        WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

    /// <exception cref="ConsoleMisconfiguredException">The configuration has faults.</exception>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var options = ConsoleOptionsReader.Read(builder.Configuration);
        // Not in appsettings.json: there it would win over ASPNETCORE_URLS and ASPNETCORE_HTTP_PORTS.
        if (!AddressKeys.Any(key => builder.Configuration.GetSection(key).Exists()))
            builder.WebHost.UseUrls(DefaultAddress);
        AddServices(builder, options);
        var app = builder.Build();
        // Its faults end the start, and not the first request.
        app.Services.GetRequiredService<ConsoleDatabase>();
        Use(app);
        return app;
    }

    private static void AddServices(WebApplicationBuilder builder, ConsoleOptions options)
    {
        var services = builder.Services;
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        var folder = Path.Combine(builder.Environment.ContentRootPath, options.DataFolder);
        services.AddSingleton(Options.Create(options));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new ConsoleDatabase(folder));
        services.AddSingleton(provider => new CompanyDirectory(
            options.Companies, options.MaskedKeys, provider.GetRequiredService<IHostEnvironment>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<AuditTrail>().AddSingleton<AuditReader>().AddSingleton<AuditFile>().AddSingleton<ActionAuthorization>();
        services.AddSingleton<Navigation>().AddSingleton<ConsoleActions>();
        services.AddSingleton<LiveLimit>().AddSingleton<LiveFeeds>().AddSingleton<LiveFragments>();
        services.AddScoped<RequestContext>().AddScoped<PageReads>().AddScoped<Actor>();
        services.AddHttpContextAccessor();
        // Sessions survive a restart.
        services.AddDataProtection().SetApplicationName("Asdamir.AdminConsole")
            .PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(folder, "keys")));
        services.AddAntiforgery(static antiforgery =>
        {
            antiforgery.Cookie.Name = "asdamir-console-form";
            antiforgery.FormFieldName = "__form";
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        SignInSetup.Add(services, options.SignIn);
        services.AddRazorComponents();
        services.AddResponseCompression(static compression =>
        {
            // Only what holds no secret: a compressed page would let its length tell.
            compression.EnableForHttps = true;
            compression.MimeTypes = ["text/css", "text/javascript", "image/svg+xml"];
        });
        services.Configure<BrotliCompressionProviderOptions>(static brotli => brotli.Level = CompressionLevel.Optimal);
        services.AddHealthChecks();
        services.AddHostedService<UnfinishedActions>();
    }

    private static void Use(WebApplication app)
    {
        SecurityHeaders.Use(app, app.Services.GetRequiredService<ISignInMode>().FormTarget);
        app.UseExceptionHandler(static errors => errors.Run(static async http =>
        {
            // What draws pages may be what broke.
            await using var scope = http.RequestServices.CreateAsyncScope();
            http.RequestServices = scope.ServiceProvider;
            var isUnreadable = http.Features.Get<IExceptionHandlerFeature>()
                ?.Error is BadHttpRequestException or InvalidDataException or AntiforgeryValidationException;
            await (isUnreadable ? Message.Unreadable() : Message.Failed()).ExecuteAsync(http).ConfigureAwait(false);
        }));
        Languages.Use(app);
        app.UseResponseCompression();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<CompanyAuthorization>();
        WebFiles.Map(app);
        Routes.Map(app);
    }
}
