using System.Reflection;

namespace Asdamir.Data.Docs.Tests;

/// <summary>The files of this repository.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static data => data.Key == "Repository").Value!);

    /// <summary>Everything a reader reads: README, docs, ARCHITECTURE, CONTRIBUTING and the like.</summary>
    public static IReadOnlyList<Page> Pages { get; } =
    [
        .. Directory.GetFiles(Root, "*.md")
            .Concat(Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(static file => new Page(NameOf(file), File.ReadAllText(file))),
    ];

    /// <summary>The pages that packages show on their own.</summary>
    public static IReadOnlyList<Page> PackagePages { get; } =
    [
        .. Directory.GetDirectories(Path.Combine(Root, "src"))
            .Select(static folder => Path.Combine(folder, "README.md"))
            .Where(File.Exists)
            .Order(StringComparer.Ordinal)
            .Select(static file => new Page(NameOf(file), File.ReadAllText(file))),
    ];

    public static string PathOf(string name) => Path.Combine(Root, name);

    /// <returns>The path from the root, with slashes.</returns>
    public static string NameOf(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    public static bool IsGenerated(string name) => name.Split('/').Any(static folder => folder is "bin" or "obj" or "node_modules");
}
