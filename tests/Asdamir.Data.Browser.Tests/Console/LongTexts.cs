namespace Asdamir.Data.Browser.Tests.Console;

/// <summary>A site with a <see cref="LongApp"/>, for all tests of a class.</summary>
public sealed class LongTexts : IAsyncLifetime
{
    internal Site Site { get; private set; } = null!;

    internal LongApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Site = await Site.StartAsync();
        App = await LongApp.StartAsync(Site.Jobs);
        App.Declare();
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Site.DisposeAsync();
    }
}
