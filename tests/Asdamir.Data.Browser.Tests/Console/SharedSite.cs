namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>A site with one failed payment and recurring jobs, for all tests of a class.</summary>
public sealed class SharedSite : IAsyncLifetime
{
    internal Site Site { get; private set; } = null!;

    /// <summary>The id of the failed payment.</summary>
    internal string FailedId { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Site = await Site.StartAsync();
        FailedId = await Site.Shop.FailedPaymentAsync(1);
        Site.Shop.Declare();
    }

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}

/// <summary>Tests that share a site: what one of them adds or changes is nothing that another one looks at.</summary>
public abstract class SharedSiteTests(SharedSite shared) : IClassFixture<SharedSite>, IAsyncDisposable
{
    internal Site Site => shared.Site;

    internal string FailedId => shared.FailedId;

    public async ValueTask DisposeAsync()
    {
        await Site.CloseBrowsersAsync();
        GC.SuppressFinalize(this);
    }
}
