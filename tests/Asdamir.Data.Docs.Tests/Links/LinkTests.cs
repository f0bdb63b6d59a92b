using System.Text.RegularExpressions;

namespace Asdamir.Data.Docs.Tests.Links;

public sealed partial class LinkTests
{
    private static readonly Dictionary<string, Page> Pages = Repository.Pages.ToDictionary(static page => page.Name);

    [Fact]
    public void RelativeLinks_LeadToFilesAndHeadings()
    {
        string[] broken =
        [
            .. from page in Pages.Values
               from link in page.Links
               where !link.Contains(':', StringComparison.Ordinal)
               let fault = FaultOf(page, link)
               where fault is not null
               select $"{page.Name}: {link}: {fault}",
        ];

        Assert.True(Pages.Values.Sum(static page => page.Links.Count) > 100, "The links of the pages were not found.");
        Assert.Empty(broken);
    }

    [Fact]
    public void Pages_AreAllReachableFromTheReadme()
    {
        HashSet<string> reached = ["README.md"];
        Queue<string> open = new(reached);
        while (open.TryDequeue(out var name))
        {
            foreach (var target in Pages[name].Links.Select(link => TargetOf(name, link)).Where(Pages.ContainsKey).Where(reached.Add))
                open.Enqueue(target);
        }

        Assert.Empty(Pages.Keys.Except(reached));
    }

    /// <summary>The table "Where is …?" names files relative to a project or a room.</summary>
    [Fact]
    public void Architecture_NamesFilesThatExist()
    {
        string[] roots = ["", "src/Asdamir.Data/HangfireJobs/", "src/Asdamir.Data.", "src/Asdamir.", "src/Asdamir.AdminConsole/"];
        var rows = Pages["ARCHITECTURE.md"].Text.Split("## Where is")[1].Split("\n## ")[0].Split('\n').Skip(3);
        string[] files = [.. rows.SelectMany(static row => FileName().Matches(row).Select(static match => match.Groups[1].Value))];

        Assert.NotEmpty(files);
        string[] missing =
        [
            .. from file in files
               where !file.Contains('*', StringComparison.Ordinal)
               where !roots.Any(root => File.Exists(Repository.PathOf(root + file)))
               where file.Contains('/', StringComparison.Ordinal)
                   || Directory.GetFiles(Repository.PathOf("src"), file, SearchOption.AllDirectories).Length == 0
               select file,
        ];
        Assert.Empty(missing);
    }

    [Fact]
    public void Images_AreAllShown()
    {
        var shown = Pages.Values.SelectMany(static page => page.Links.Select(link => TargetOf(page.Name, link))).ToHashSet();

        Assert.Empty(Directory.GetFiles(Repository.PathOf("docs/images")).Select(Repository.NameOf).Except(shown));
    }

    private static string? FaultOf(Page page, string link)
    {
        var target = TargetOf(page.Name, link);
        if (!Path.Exists(Repository.PathOf(target)))
            return "there is no such file";
        var anchor = link.Split('#').ElementAtOrDefault(1);
        return anchor is null || Pages[target].Anchors.Contains(anchor) ? null : "there is no such heading";
    }

    private static string TargetOf(string page, string link)
    {
        var path = link.Split('#')[0];
        return path.Length == 0
            ? page
            : Repository.NameOf(Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, path)));
    }

    [GeneratedRegex(@"`([\w./*]+\.(?:cs|json|razor|js))`")]
    private static partial Regex FileName();
}
