using System.Text.RegularExpressions;
using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Features.SignIn;
using Asdamir.AdminConsole.Shell;
using Asdamir.Data.HangfireJobs;
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

    /// <summary>Reads what managing accounts needs: the data folder, and the codes of the companies that are configured.</summary>
    /// <exception cref="ConsoleMisconfiguredException">There is no data folder.</exception>
    public static ConsoleOptions ReadForAccounts(IConfiguration configuration)
    {
        var options = new ConsoleOptions();
        options.DataFolder = configuration[nameof(options.DataFolder)] ?? options.DataFolder;
        List<string> faults = [.. FaultsOfFolder(options)];
        foreach (var child in configuration.GetSection(nameof(options.Companies)).GetChildren())
            options.Companies.Add(new CompanyOptions { Code = child[nameof(CompanyOptions.Code)] ?? "" });
        return faults.Count == 0 ? options : throw new ConsoleMisconfiguredException(faults);
    }

    /// <summary>Whether a text can be the code of a company.</summary>
    public static bool IsCode(string text) => CodePattern().IsMatch(text);

    private static IEnumerable<string> FaultsOf(ConsoleOptions options)
    {
        if (options.Companies.Count == 0)
        {
            yield return "Companies is empty. Fix: add at least one, as in \"Companies\": [{ \"Code\": \"acme\", \"Storage\": "
                + "{ \"ConnectionString\": \"Data Source=/var/lib/shop/jobs.db\" } }].";
        }
        if (NameList.FaultOf(options.MaskedKeys) is { } maskFault)
            yield return SettingFault.Of(nameof(options.MaskedKeys), options.MaskedKeys, maskFault, NameList.Fix);
        foreach (var fault in FaultsOfFolder(options))
            yield return fault;
        for (var i = 0; i < options.Companies.Count; i++)
        {
            foreach (var fault in FaultsOf(options.Companies[i], $"Companies:{i}"))
                yield return fault;
            if (options.Companies.FindIndex(other => other.Code == options.Companies[i].Code) < i)
                yield return $"Companies:{i}:Code = '{options.Companies[i].Code}' is used twice. Fix: give each company its own code.";
        }
        var signIn = options.SignIn;
        if (signIn.SessionLifetime < TimeSpan.FromMinutes(1) || signIn.SessionLifetime > TimeSpan.FromDays(7))
        {
            yield return $"SignIn:SessionLifetime = '{signIn.SessionLifetime}' is not from 1 minute to 7 days. "
                + "Fix: write for example 08:00:00.";
        }
        if (signIn.MaxAttempts is < 1 or > 100)
            yield return $"SignIn:MaxAttempts = '{signIn.MaxAttempts}' is not a number from 1 to 100. Fix: write for example 5.";
        if (signIn.LockOut < TimeSpan.FromSeconds(1) || signIn.LockOut > TimeSpan.FromDays(1))
            yield return $"SignIn:LockOut = '{signIn.LockOut}' is not from 1 second to 1 day. Fix: write for example 00:15:00.";
        foreach (var fault in SignInModes.FaultsOf(signIn, options.Companies))
            yield return fault;
    }

    private static IEnumerable<string> FaultsOfFolder(ConsoleOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.DataFolder))
            yield return "DataFolder is empty. Fix: write a folder, or leave it out for 'data'.";
    }

    private static IEnumerable<string> FaultsOf(CompanyOptions company, string key)
    {
        if (!IsCode(company.Code) || Reserved.Contains(company.Code))
        {
            yield return $"{key}:Code = '{company.Code}' is no code. "
                + $"Fix: use 1 to 32 lowercase letters, digits and '-', as in 'acme'; {string.Join(", ", Reserved)} are taken.";
        }
        var storage = company.Storage;
        if (storage.ConnectionStringFile.Length > 0)
        {
            if (storage.ConnectionString.Length > 0)
            {
                yield return $"{key}:Storage:ConnectionString and {key}:Storage:ConnectionStringFile are both set. "
                    + "Fix: remove one of them.";
            }
            if (SecretFile.FaultOf($"{key}:Storage:ConnectionStringFile", storage.ConnectionStringFile) is { } unreadable)
            {
                yield return unreadable;
                yield break;
            }
        }
        if (storage.Provider.Equals("InMemory", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{key}:Storage:Provider = '{storage.Provider}' cannot be seen from outside its process. "
                + "Fix: use Sqlite or PostgreSql.";
            yield break;
        }
        var resolved = storage.Resolve();
        if (storage.Provider.Equals("Sqlite", StringComparison.OrdinalIgnoreCase) && resolved.ConnectionString.Length == 0)
            yield return $"{key}:Storage:ConnectionString is empty. Fix: name the app's file, as in 'Data Source=/var/lib/shop/jobs.db'.";
        foreach (var fault in JobMonitor.Validate(resolved, $"{key}:Storage"))
            yield return fault;
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,31}\z")]
    private static partial Regex CodePattern();
}
