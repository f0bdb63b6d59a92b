using System.Reflection;

namespace Asdamir.Data.Tests.Architecture;

/// <summary>Tests are found where the code is: their folders are the rooms of the product, except for those named here.</summary>
public sealed class TestFoldersTests
{
    [Theory]
    [InlineData("Asdamir.Data.Tests", "Asdamir.Data/HangfireJobs", "Architecture", "EntityFrameworkCore", "Hostile", "Samples", "Seed")]
    [InlineData("Asdamir.Data.Storage.Tests", "Asdamir.Data.Storage", "Conformance", "Differential", "Storages")]
    public void Folders_AreRoomsOfTheProduct(string tests, string product, params string[] others)
    {
        var rooms = FoldersOf(Path.Combine(Metadata("Sources"), product));

        Assert.Empty(FoldersOf(Path.Combine(Metadata("Tests"), tests)).Except(rooms).Except(others));
    }

    private static IEnumerable<string> FoldersOf(string path) =>
        Directory.GetDirectories(path).Where(HoldsCode).Select(static folder => Path.GetFileName(folder));

    private static bool HoldsCode(string folder) =>
        Path.GetFileName(folder) is not ("bin" or "obj" or "TestResults")
            && Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Any();

    private static string Metadata(string key) =>
        typeof(TestFoldersTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == key).Value!;
}
