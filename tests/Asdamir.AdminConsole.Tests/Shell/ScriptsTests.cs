using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Asdamir.AdminConsole.Tests.Shell;

/// <summary>The scripts are modules beside what they serve.</summary>
public sealed partial class ScriptsTests : OneCompany
{
    private const int MaxFirstLoad = 64 * 1024;

    // A room imports those before it and itself.
    private static readonly string[] Rooms = ["Controls", "Shell", "Features", "Hosting"];

    [Fact]
    public async Task Page_PreloadsAllScripts_AndEachImportIsOneOfThem()
    {
        var ada = await OperatorAsync();
        var document = (await ada.GetAsync("/acme/jobs")).Page;
        var scripts = document.QuerySelectorAll("link[rel=modulepreload]").Select(static link => link.GetAttribute("href")!).ToHashSet();
        HashSet<string> reached = [];

        await FollowAsync(document.QuerySelector("script[type=module]")!.GetAttribute("src")!);

        Assert.Equal(scripts.Order(), reached.Order());
        Assert.Single(document.Scripts);

        async Task FollowAsync(string address)
        {
            if (!reached.Add(address))
                return;
            var script = await ada.GetAsync(address);
            Assert.Equal((address, HttpStatusCode.OK, "text/javascript"), (address, script.Status, script.Headers["Content-Type"]));
            Assert.Equal("public, max-age=31536000, immutable", script.Headers["Cache-Control"]);
            foreach (Match import in Import().Matches(script.Body))
            {
                var target = new Uri(new Uri(Site.Url, address), import.Groups[1].Value).AbsolutePath;
                Assert.True(RoomOf(target) <= RoomOf(address), $"{address} imports {target}");
                await FollowAsync(target);
            }
        }
    }

    [Fact]
    public async Task FirstLoad_StaysSmall()
    {
        var ada = await OperatorAsync();
        Acme.FailMany(50);
        var page = await ada.GetAsync("/acme/jobs");
        var size = Compressed(page.Body);

        foreach (var file in page.Page.QuerySelectorAll("link[href]").Select(static link => link.GetAttribute("href")!))
            size += Compressed((await ada.GetAsync(file)).Body);

        Assert.InRange(size, 1, MaxFirstLoad);
    }

    private static int RoomOf(string address) => Array.IndexOf(Rooms, address.Split('/')[3]);

    private static long Compressed(string text)
    {
        using var stream = new MemoryStream();
        using (var brotli = new BrotliStream(stream, CompressionLevel.Optimal, leaveOpen: true))
            brotli.Write(Encoding.UTF8.GetBytes(text));
        return stream.Length;
    }

    [GeneratedRegex("""^import (?:.* from )?"([^"]+)";$""", RegexOptions.Multiline)]
    private static partial Regex Import();
}
