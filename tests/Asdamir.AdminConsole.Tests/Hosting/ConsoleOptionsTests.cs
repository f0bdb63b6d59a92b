using Asdamir.AdminConsole.Hosting;
using Microsoft.Extensions.Configuration;

namespace Asdamir.AdminConsole.Tests.Hosting;

/// <summary>What is wrong with the configuration is told all at once, each fault with its key and its fix.</summary>
public sealed class ConsoleOptionsTests : IDisposable
{
    private const string Password = "hunter2-hunter2";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AllFaults_AreReportedTogether()
    {
        var faults = FaultsOf(new()
        {
            ["DataFolder"] = " ", ["SignIn:MaxAttempts"] = "0", ["SignIn:LockOut"] = "soon", ["SignIn:SessionLifetime"] = "00:00:10",
            ["SignIn:Lockout2"] = "1",
            ["Companies:0:Code"] = "Acme", ["Companies:0:Storage:Provider"] = "Oracle", ["Companies:0:Sorage:Provider"] = "Sqlite",
            ["Companies:1:Code"] = "login", ["Companies:1:Storage:Provider"] = "InMemory",
            ["Companies:2:Code"] = "globex", ["Companies:2:Storage:Provider"] = "PostgreSql",
            ["Companies:2:Storage:ConnectionString"] = $"Host=db;Passwrd={Password}", ["Companies:2:Storage:Schema"] = "A-B",
            ["Companies:3:Code"] = "globex", ["Companies:3:Storage:ConnectionString"] = "",
            ["Companies:4:Code"] = "umbrella", ["Companies:4:Storage:ConnectionString"] = "Data Source=:memory:",
        });

        Assert.Equal(
            [
                "Companies:0:Sorage", "SignIn:LockOut", "SignIn:Lockout2", "DataFolder", "Companies:0:Code", "Companies:0:Storage:Provider",
                "Companies:1:Code", "Companies:1:Storage:Provider",
                "Companies:2:Storage:ConnectionString", "Companies:2:Storage:Schema", "Companies:3:Storage:ConnectionString",
                "Companies:3:Code", "Companies:4:Storage:ConnectionString",
                "SignIn:SessionLifetime", "SignIn:MaxAttempts",
            ],
            faults.Select(static fault => fault.Split(' ')[0]));
        Assert.All(faults, static fault => Assert.Contains(" Fix: ", fault, StringComparison.Ordinal));
        Assert.DoesNotContain(faults, static fault => fault.Contains(Password, StringComparison.Ordinal));
    }

    [Fact]
    public void Console_DoesNotStart_WithoutACompany() =>
        Assert.StartsWith("Companies is empty. Fix: add at least one", Assert.Single(FaultsOf([])), StringComparison.Ordinal);

    [Theory]
    [InlineData("login")]
    [InlineData("logout")]
    [InlineData("account")]
    [InlineData("denied")]
    [InlineData("companies")]
    [InlineData("assets")]
    [InlineData("health")]
    [InlineData("signin-oidc")]
    [InlineData("signout-oidc")]
    [InlineData("signout-callback-oidc")]
    [InlineData("")]
    [InlineData("-acme")]
    [InlineData("ac.me")]
    [InlineData("acme\n")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456")]
    public void Company_IsNotNamedAsAnAddressOfTheConsoleOrOddly(string code) =>
        Assert.StartsWith($"Companies:0:Code = '{code}' is no code.", Assert.Single(FaultsOf(Company(code))), StringComparison.Ordinal);

    [Fact]
    public void Provider_NeedsAnAddressAClientAndACompanyWithAGroup()
    {
        var faults = FaultsOf(
            new(Company("acme"))
            {
                ["SignIn:OpenIdConnect:Authority"] = "http://login", ["SignIn:OpenIdConnect:ClientSecretFile"] = _folder.PathOf("none")
            });

        Assert.Equal(
            [
                "SignIn:OpenIdConnect:Authority", "SignIn:OpenIdConnect:ClientId", "SignIn:OpenIdConnect:ClientSecretFile",
                "SignIn:OpenIdConnect"
            ],
            faults.Select(static fault => fault.Split(' ')[0]));
    }

    [Fact]
    public void ConnectionString_ComesFromASecretFile()
    {
        var file = _folder.PathOf("connection");
        File.WriteAllText(file, $"Host=db;Password={Password}\n");

        var options = ConsoleOptionsReader.Read(Configuration(new()
        {
            ["Companies:0:Code"] = "acme", ["Companies:0:Storage:Provider"] = "PostgreSql",
            ["Companies:0:Storage:ConnectionStringFile"] = file,
        }));

        Assert.Equal($"Host=db;Password={Password}", options.Companies[0].Storage.Resolve().ConnectionString);
    }

    [Fact]
    public void SecretFile_IsReported_WhenItCannotBeReadOrIsOneTooMany()
    {
        var file = _folder.PathOf("connection");
        Assert.Contains(
            "cannot be read. Fix: correct the path, or the file's permissions.",
            Assert.Single(FaultsOf(new() { ["Companies:0:Code"] = "acme", ["Companies:0:Storage:ConnectionStringFile"] = file })),
            StringComparison.Ordinal);

        File.WriteAllText(file, $"Host=db;Password={Password}");
        var faults = FaultsOf(
            new(Company("acme")) { ["Companies:0:Storage:Provider"] = "PostgreSql", ["Companies:0:Storage:ConnectionStringFile"] = file });
        Assert.StartsWith(
            "Companies:0:Storage:ConnectionString and Companies:0:Storage:ConnectionStringFile are both set.", Assert.Single(faults),
            StringComparison.Ordinal);

        File.WriteAllText(file, Password);
        faults = FaultsOf(
            new()
            {
                ["Companies:0:Code"] = "acme", ["Companies:0:Storage:Provider"] = "PostgreSql",
                ["Companies:0:Storage:ConnectionStringFile"] = file
            });
        Assert.StartsWith(
            "Companies:0:Storage:ConnectionString is not a valid Npgsql connection string.", Assert.Single(faults),
            StringComparison.Ordinal);
        Assert.DoesNotContain(Password, faults[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Companies:0:Storage:ConectionString")]
    [InlineData("Companies:0:Storage:ConnectionStringFile")]
    [InlineData("Companies:0:Storage:Provider")]
    [InlineData("Companies:0:Storage")]
    [InlineData("SignIn:OpenIdConnect:ClientSecrt")]
    [InlineData("SignIn:OpenIdConnect:Authority")]
    [InlineData("SignIn:MaxAttempts")]
    public void SecretUnderAMisspeltOrWrongKey_IsNotShown(string key)
    {
        var faults = FaultsOf(new(Company("acme")) { [key] = $"Host=db;Password={Password}" });

        Assert.Contains(faults, fault =>
            fault.StartsWith(
                key.Replace("0:Storage:ConnectionStringFile", "0:Storage:ConnectionString", StringComparison.Ordinal),
                StringComparison.Ordinal));
        Assert.DoesNotContain(faults, static fault => fault.Contains(Password, StringComparison.Ordinal));
    }

    [Fact]
    public void SecretInPlaceOfAFileOfSecrets_IsNotShown()
    {
        var faults = FaultsOf(new(Company("acme"))
        {
            ["SignIn:OpenIdConnect:Authority"] = "https://login", ["SignIn:OpenIdConnect:ClientId"] = "console",
            ["SignIn:OpenIdConnect:ClientSecretFile"] = Password,
        });

        Assert.Contains(faults, static fault =>
            fault.StartsWith("SignIn:OpenIdConnect:ClientSecretFile names a file that cannot be read.", StringComparison.Ordinal));
        Assert.DoesNotContain(faults, static fault => fault.Contains(Password, StringComparison.Ordinal));
    }

    [Fact]
    public void EnvironmentVariables_TakePrecedenceOverTheFile()
    {
        const string prefix = "ASDAMIR_CONSOLE_TEST_";
        Environment.SetEnvironmentVariable(prefix + "Companies__0__Storage__ConnectionString", "Data Source=from-the-environment.db");
        try
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(Company("acme")).AddEnvironmentVariables(prefix).Build();

            Assert.Equal(
                "Data Source=from-the-environment.db",
                ConsoleOptionsReader.Read(configuration).Companies[0].Storage.Resolve().ConnectionString);
        }
        finally
        {
            Environment.SetEnvironmentVariable(prefix + "Companies__0__Storage__ConnectionString", null);
        }
    }

    private static Dictionary<string, string?> Company(string code) =>
        new() { ["Companies:0:Code"] = code, ["Companies:0:Storage:ConnectionString"] = "Data Source=jobs.db" };

    private static IConfiguration Configuration(Dictionary<string, string?> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    private static List<string> FaultsOf(Dictionary<string, string?> settings)
    {
        var lines = Assert.Throws<ConsoleMisconfiguredException>(() => ConsoleOptionsReader.Read(Configuration(settings)))
            .Message.Split(Environment.NewLine + "  - ");
        Assert.Equal($"The console is misconfigured ({lines.Length - 1} fault{(lines.Length == 2 ? "" : "s")}):", lines[0]);
        return [.. lines[1..]];
    }
}
