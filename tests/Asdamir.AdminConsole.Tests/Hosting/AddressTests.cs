using Asdamir.AdminConsole.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace Asdamir.AdminConsole.Tests.Hosting;

/// <summary>Where the console listens.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("", "http://127.0.0.1:5090")]
    [InlineData("urls=http://127.0.0.1:5999", "http://127.0.0.1:5999")]
    [InlineData("http_ports=5998", null)]
    [InlineData("https_ports=5998", null)]
    [InlineData("Kestrel:Endpoints:Http:Url=http://127.0.0.1:5997", null)]
    public async Task Build_ListensOnItsDefaultAddress_OnlyWhereNothingElseIsSaid(string setting, string? address)
    {
        using var folder = new TemporaryFolder();
        // As the variables ASPNETCORE_URLS and ASPNETCORE_HTTP_PORTS do: before the console's own settings.
        var builder = ConsoleApp.NewBuilder([]);
        if (setting.Split('=', 2) is [var key, var value])
        {
            builder.Configuration.Sources.Insert(
                0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = [new(key, value)] });
        }
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DataFolder"] = folder.Path,
            ["Companies:0:Code"] = "acme",
            ["Companies:0:Storage:ConnectionString"] = folder.Sqlite(),
        });

        await using var console = ConsoleApp.Build(builder);

        Assert.Equal(address, console.Configuration["urls"]);
    }
}
