using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Features.SignIn;
using Asdamir.AdminConsole.Hosting;

namespace Asdamir.AdminConsole.Tests.Hosting;

/// <summary>Accounts are managed from the command line.</summary>
public sealed class AccountsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalAccounts _accounts;

    public AccountsCommandTests() => _accounts = new LocalAccounts(new(_folder.Path), new SignInOptions(), TimeProvider.System);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Account_IsAddedWithItsGrantsAndSignsInWithThePrintedPassword()
    {
        var (code, output) = Run("add", "ada", "--operator", "acme", "--viewer", "*");

        Assert.Equal((0, "Password (shown only now):"), (code, output[..26]));
        Assert.Equal(["operator:acme", "viewer:*"], _accounts.SignIn("ada", output[26..].Trim()).Account?.Grants);
        Assert.Equal((0, $"ada  operator:acme viewer:*{Environment.NewLine}"), Run("list"));
    }

    [Fact]
    public void NewPassword_ReplacesTheOldOne()
    {
        var old = _accounts.Add("ada", [])!;

        var (code, output) = Run("password", "ada");

        Assert.Equal(0, code);
        Assert.Null(_accounts.SignIn("ada", old).Account);
        Assert.NotNull(_accounts.SignIn("ada", output[26..].Trim()).Account);
    }

    [Fact]
    public void Account_IsRemoved()
    {
        _accounts.Add("ada", []);

        Assert.Equal((0, $"'ADA' is removed.{Environment.NewLine}"), Run("remove", "ADA"));
        Assert.Empty(_accounts.All());
    }

    [Theory]
    [InlineData("--DataFolder={0}", "list")]
    [InlineData("list", "--datafolder", "{0}")]
    public void Command_NeedsOnlyTheDataFolder(params string[] args)
    {
        _accounts.Add("ada", ["operator:acme"]);

        var code = AccountsCommand.Run([.. args.Select(arg => arg.Replace("{0}", _folder.Path, StringComparison.Ordinal))]);

        Assert.Equal(0, code);
    }

    [Fact]
    public void Grants_AreNotComparedWithCompanies_WhereNoneIsConfigured()
    {
        using var output = new StringWriter();

        Assert.Equal(0, AccountsCommand.Run(["add", "ada", "--operator", "acme"], _accounts, new ConsoleOptions(), output));
        Assert.Equal(1, AccountsCommand.Run(["add", "bob", "--operator", "No Code"], _accounts, new ConsoleOptions(), output));

        Assert.Equal(["operator:acme"], Assert.Single(_accounts.All()).Grants);
    }

    [Theory]
    [InlineData("There is already an account 'ADA'.", "add", "ADA")]
    [InlineData("There is no account 'bob'.", "password", "bob")]
    [InlineData("There is no account 'bob'.", "remove", "bob")]
    [InlineData("There is no company 'umbrella'. Fix: use one of acme, or *.", "add", "bob", "--operator", "umbrella")]
    [InlineData("accounts list", "add", "bob", "--operator")]
    [InlineData("accounts list", "add", "bob", "--admin", "acme")]
    [InlineData("accounts list", "add", "")]
    [InlineData("accounts list", "add", "two words")]
    [InlineData("accounts list", "add", "line\nbreak")]
    [InlineData("accounts list", "add")]
    [InlineData("accounts list", "list", "all")]
    [InlineData("accounts list", "grant", "ada")]
    [InlineData("accounts list")]
    public void ImpossibleCommand_SaysSoAndChangesNothing(string told, params string[] args)
    {
        _accounts.Add("ada", ["operator:acme"]);

        var (code, output) = Run(args);

        Assert.Equal((1, told), (code, output.Split('\n')[0].Trim()));
        Assert.Equal("ada", Assert.Single(_accounts.All()).Name);
    }

    private (int Code, string Output) Run(params string[] args)
    {
        using var output = new StringWriter();
        var options = new ConsoleOptions();
        options.Companies.Add(new CompanyOptions { Code = "acme" });
        return (AccountsCommand.Run(args, _accounts, options, output), output.ToString());
    }
}
