using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Asdamir.Data.Tests.Architecture;

/// <summary>The statements of the storage have one home, so that another database is a folder.</summary>
public sealed partial class StorageSqlTests
{
    private static readonly string[] Homes = ["Sql", "PostgreSql", "Sqlite"];

    [Fact]
    public void Statements_AreInSqlAndTheDialectsOnly()
    {
        var root = SourceFolder();
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file))
            .Where(static file => Room(file) is not ("bin" or "obj")).ToList();
        Assert.Contains(files, file => Homes.Contains(Room(file)) && Statement().IsMatch(File.ReadAllText(Path.Combine(root, file))));

        Assert.DoesNotContain(
            files, file => !Homes.Contains(Room(file)) && Statement().IsMatch(File.ReadAllText(Path.Combine(root, file))));
    }

    private static string Room(string file) => file.Split(Path.DirectorySeparatorChar)[0];

    private static string SourceFolder([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "src", "Asdamir.Data.Storage"));

    [GeneratedRegex(@"\b(SELECT|INSERT INTO|DELETE FROM|ORDER BY) |\bUPDATE \{|\{s\}")]
    private static partial Regex Statement();
}
