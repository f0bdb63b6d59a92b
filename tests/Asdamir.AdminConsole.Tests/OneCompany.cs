using Microsoft.Extensions.Time.Testing;

namespace Asdamir.AdminConsole.Tests;

/// <summary>Tests of a console with the company acme.</summary>
public abstract class OneCompany : IAsyncLifetime
{
    internal TestCompany Acme { get; private set; } = null!;

    internal ConsoleHost Site { get; private set; } = null!;

    internal FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    /// <summary>Whether the console's clock stands still.</summary>
    protected virtual bool IsTimeFake => false;

    public virtual async ValueTask InitializeAsync()
    {
        Acme = await TestCompany.StartAsync("acme");
        Site = await ConsoleHost.StartAsync([Acme.Settings], time: IsTimeFake ? Time : null);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Site.DisposeAsync();
        await Acme.DisposeAsync();
    }

    /// <summary>An operator of acme, signed in.</summary>
    internal Task<Visitor> OperatorAsync(string name = "ada") => Site.WelcomeAsync(name, "operator:acme");
}
