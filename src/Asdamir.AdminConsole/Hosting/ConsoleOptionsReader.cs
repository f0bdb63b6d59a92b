using System.Text.RegularExpressions;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Features.SignIn;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs.Hosting;
using Asdamir.Data.HangfireJobs.Settings;

namespace Asdamir.AdminConsole.Hosting;

/// <summary>Reads and checks the console's configuration; all faults are reported together, each with its key and its fix.</summary>
internal static partial class ConsoleOptionsReader
{
    // Addresses of the console itself.
    private static readonly HashSet<string> Reserved = [.. PageMap.ReservedCodes];

    /// <exception cref="ConsoleMisconfiguredException">Something is wrong; the message names every fault.</exception>
    public static ConsoleOptions Read(IConfiguration configuration)
    {
        var options = new ConsoleOptions();
        List<string> faults = [];
        foreach (var child in configuration.GetSection(nameof(options.Companies)).GetChildren())
        {
            var company = new CompanyOptions();
            OptionsReader.Read(child, company, faults);
            options.Companies.Add(company);
        }
        OptionsReader.Read(configuration.GetSection(nameof(options.SignIn)), options.SignIn, faults);
        options.DataFolder = configuration[nameof(options.DataFolder)] ?? options.DataFolder;
        options.MaskedKeys = configuration[nameof(options.MaskedKeys)] ?? options.MaskedKeys;
        faults.AddRange(FaultsOf(options));
        return faults.Count == 0 ? options : throw new ConsoleMisconfiguredException(faults);
    }

    /// <summary>Whether a text can be the code of a company.</summary>
    public static bool IsCode(string text) => CodePattern().IsMatch(text);

    private static IEnumerable<string> FaultsOf(ConsoleOptions options)
    {
        if (options.Companies.Count == 0)
            yield return "Companies is empty. Fix: add at least one, as in \"Companies\": [{ \"Code\": \"acme\", \"Storage\": { \"ConnectionString\": \"Data Source=/var/lib/shop/jobs.db\" } }].";
        if (NameList.FaultOf(options.MaskedKeys) is { } maskFault)
            yield return SettingFault.Of(nameof(options.MaskedKeys), options.MaskedKeys, maskFault, NameList.Fix);
        if (string.IsNullOrWhiteSpace(options.DataFolder))
            yield return "DataFolder is empty. Fix: write a folder, or leave it out for 'data'.";
        for (var i = 0; i < options.Companies.Count; i++)
        {
            foreach (var fault in FaultsOf(options.Companies[i], $"Companies:{i}"))
                yield return fault;
            if (options.Companies.FindIndex(other => other.Code == options.Companies[i].Code) < i)
                yield return $"Companies:{i}:Code = '{options.Companies[i].Code}' is used twice. Fix: give each company a code of its own.";
        }
        var signIn = options.SignIn;
        if (signIn.SessionLifetime < TimeSpan.FromMinutes(1) || signIn.SessionLifetime > TimeSpan.FromDays(7))
            yield return $"SignIn:SessionLifetime = '{signIn.SessionLifetime}' is not from 1 minute to 7 days. Fix: write for example 08:00:00.";
        if (signIn.MaxAttempts is < 1 or > 100)
            yield return $"SignIn:MaxAttempts = '{signIn.MaxAttempts}' is not a number from 1 to 100. Fix: write for example 5.";
        if (signIn.LockOut < TimeSpan.FromSeconds(1) || signIn.LockOut > TimeSpan.FromDays(1))
            yield return $"SignIn:LockOut = '{signIn.LockOut}' is not from 1 second to 1 day. Fix: write for example 00:15:00.";
        if (!signIn.OpenIdConnect.IsUsed)
            yield break;
        foreach (var fault in FaultsOf(signIn.OpenIdConnect))
            yield return fault;
        if (options.Companies.TrueForAll(static company => string.IsNullOrWhiteSpace(company.Viewers + company.Operators)))
            yield return "SignIn:OpenIdConnect is used, and no company names a group: nobody could see anything. Fix: set Companies:0:Operators (and Viewers) to groups of the provider.";
    }

    private static IEnumerable<string> FaultsOf(CompanyOptions company, string key)
    {
        if (!IsCode(company.Code) || Reserved.Contains(company.Code))
            yield return $"{key}:Code = '{company.Code}' is no code. Fix: use 1 to 32 lowercase letters, digits and '-', as in 'acme'; {string.Join(", ", Reserved)} are taken.";
        var storage = company.Storage;
        if (storage.ConnectionStringFile.Length > 0)
        {
            if (storage.ConnectionString.Length > 0)
                yield return $"{key}:Storage:ConnectionString and {key}:Storage:ConnectionStringFile are both set. Fix: remove one of them.";
            if (FaultOfFile(storage.ConnectionStringFile) is { } unreadable)
            {
                yield return $"{key}:Storage:ConnectionStringFile names a file that {unreadable}. Fix: correct the path, or the file's permissions.";
                yield break;
            }
        }
        if (storage.Provider.Equals("InMemory", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{key}:Storage:Provider = '{storage.Provider}' cannot be seen from outside its process. Fix: use Sqlite or PostgreSql.";
            yield break;
        }
        var resolved = storage.Resolve();
        if (storage.Provider.Equals("Sqlite", StringComparison.OrdinalIgnoreCase) && resolved.ConnectionString.Length == 0)
            yield return $"{key}:Storage:ConnectionString is empty. Fix: name the app's file, as in 'Data Source=/var/lib/shop/jobs.db'.";
        foreach (var fault in OptionRules.FaultsOf(resolved, $"{key}:Storage"))
            yield return fault;
    }

    private static IEnumerable<string> FaultsOf(OpenIdConnectOptions provider)
    {
        const string key = "SignIn:OpenIdConnect";
        if (!Uri.TryCreate(provider.Authority, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
            yield return $"{key}:Authority = {ShownSetting.Of(provider.Authority)} is no address. Fix: write for example https://login.example.com/realms/ops.";
        else if (address.Scheme == "http" && provider.RequireHttps)
            yield return $"{key}:Authority = {ShownSetting.Of(provider.Authority)} is not HTTPS. Fix: use https, or set {key}:RequireHttps to false for a test.";
        if (provider.ClientId.Length == 0)
            yield return $"{key}:ClientId is empty. Fix: write the name under which the provider knows this console.";
        if (provider.ClientSecretFile.Length > 0 && FaultOfFile(provider.ClientSecretFile) is { } unreadable)
            yield return $"{key}:ClientSecretFile names a file that {unreadable}. Fix: correct the path, or the file's permissions.";
    }

    private static string? FaultOfFile(string path)
    {
        try
        {
            using var _ = File.OpenRead(path);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return "cannot be read";
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,31}\z")]
    private static partial Regex CodePattern();
}
