using Asdamir.AdminConsole.Features.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.AdminConsole.Tests.Features.SignIn;

/// <summary>The account of the first start.</summary>
public sealed class StarterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Password_IsPrintedOnceAndSignsIn()
    {
        var first = await TellAsync();
        var second = await TellAsync();

        var password = first.Split('\n').Single(static line => line.Contains("with the password", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.Equal("", second);
        var accounts = new LocalAccounts(new(_folder.Path), new SignInOptions(), TimeProvider.System);
        Assert.Equal(["operator:*"], accounts.SignIn(LocalAccounts.StarterName, password.Trim()).Account?.Grants);
    }

    [Fact]
    public async Task StarterAccount_IsNotCreated_WhenAProviderIsUsed()
    {
        var told = await TellAsync(
            new() { ["SignIn:OpenIdConnect:Authority"] = "https://login.example", ["SignIn:OpenIdConnect:ClientId"] = "console" });

        Assert.Equal("", told);
        Assert.Empty(new LocalAccounts(new(_folder.Path), new SignInOptions(), TimeProvider.System).All());
    }

    private async Task<string> TellAsync(Dictionary<string, string?>? settings = null)
    {
        Dictionary<string, string?> company = new(
            TestCompany.Missing("acme", "Sqlite", "Data Source=nowhere.db"))
        { ["Operators"] = "ops" };
        await using var app = ConsoleHost.Build([company], _folder, new LogCapture(), settings);
        await using var output = new StringWriter();
        app.Services.GetRequiredService<ISignInMode>().Prepare(output);
        return output.ToString();
    }
}
