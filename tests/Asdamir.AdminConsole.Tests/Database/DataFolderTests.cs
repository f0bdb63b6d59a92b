using System.Runtime.Versioning;
using Asdamir.AdminConsole.Hosting;

namespace Asdamir.AdminConsole.Tests.Database;

/// <summary>
/// Who else on the machine may read what the console keeps. Windows has no such permissions; a folder there takes those of its parent.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class DataFolderTests : IDisposable
{
    private const UnixFileMode FileOfOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnly = FileOfOwner | UnixFileMode.UserExecute;
    private const UnixFileMode Everyone =
        UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ExistingFolderAndItsFiles_AreRestrictedToTheConsole()
    {
        var folder = _folder.Info.CreateSubdirectory("data");
        await BuildAsync(folder);
        folder.CreateSubdirectory("keys").UnixFileMode = OwnerOnly | Everyone;
        File.WriteAllText(Path.Combine(folder.FullName, "keys", "key-1.xml"), "<key />");
        folder.UnixFileMode = OwnerOnly | Everyone;
        foreach (var file in folder.GetFiles("*", SearchOption.AllDirectories))
            file.UnixFileMode = FileOfOwner | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

        await BuildAsync(folder);

        Assert.Equal(OwnerOnly, folder.UnixFileMode);
        Assert.Equal(OwnerOnly, new DirectoryInfo(Path.Combine(folder.FullName, "keys")).UnixFileMode);
        Assert.All(
            folder.GetFiles("*", SearchOption.AllDirectories),
            static file => Assert.Equal((file.Name, FileOfOwner), (file.Name, file.UnixFileMode)));
    }

    [Fact]
    public async Task OpenFolderWithOtherFilesInIt_IsRefusedAndLeftAsItIs()
    {
        var folder = _folder.Info.CreateSubdirectory("shared");
        File.WriteAllText(Path.Combine(folder.FullName, "of others.txt"), "");
        folder.UnixFileMode = OwnerOnly | Everyone;

        var refusal = await Assert.ThrowsAsync<ConsoleMisconfiguredException>(() => BuildAsync(folder));

        Assert.Contains($"DataFolder = '{folder.FullName}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("755", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("of others.txt", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"Fix: name a folder of the console alone, as in '{Path.Combine(folder.FullName, "console")}'", refusal.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "and move console.db and keys there if the console has used this folder", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(OwnerOnly | Everyone, folder.UnixFileMode);
    }

    [Fact]
    public async Task NewFolder_IsForTheConsoleOnly()
    {
        var folder = new DirectoryInfo(_folder.PathOf("data"));
        await BuildAsync(folder);

        Assert.Equal(OwnerOnly, folder.UnixFileMode);
    }

    private async Task BuildAsync(DirectoryInfo folder)
    {
        var company = TestCompany.Missing("acme", "Sqlite", "Data Source=nowhere.db");
        await using var app = ConsoleHost.Build([company], _folder, new LogCapture(), new() { ["DataFolder"] = folder.FullName });
    }
}
