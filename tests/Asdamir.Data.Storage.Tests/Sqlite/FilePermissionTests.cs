using System.Runtime.Versioning;

namespace Asdamir.Data.Storage.Tests.Sqlite;

/// <summary>
/// Who else on the machine may read the file of a storage. Windows has no such permissions; a file there takes those of its folder.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class FilePermissionTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Path => _folder.PathOf("jobs.db");

    [Fact]
    public void NewFile_IsForItsOwnerOnly_WithItsLogAndItsIndex()
    {
        using var storage = Open();

        Assert.Equal([OwnerOnly, OwnerOnly, OwnerOnly], Modes());
    }

    [Fact]
    public void ExistingFile_IsRestricted_WhenAnyoneMayReadIt()
    {
        using (Open())
            foreach (var file in _folder.Info.GetFiles())
                file.UnixFileMode = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

        using var again = Open();

        Assert.Equal([OwnerOnly, OwnerOnly, OwnerOnly], Modes());
    }

    [Fact]
    public void ExistingFile_StaysSharedWithItsGroup_WhenOthersMayNotReadIt()
    {
        const UnixFileMode shared = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        Open().Dispose();
        File.SetUnixFileMode(Path, shared);

        using var again = Open();

        Assert.Equal(shared, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void ForeignFile_KeepsItsPermissions()
    {
        const UnixFileMode open = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        File.WriteAllText(Path, "This is a text and no database, and it is longer than the header of one would be.");
        File.SetUnixFileMode(Path, open);

        Assert.ThrowsAny<Exception>(() => Open().Dispose());

        Assert.Equal(open, File.GetUnixFileMode(Path));
    }

    private SqliteJobStorage Open()
    {
        var storage = new SqliteJobStorage($"Data Source={Path}");
        storage.GetMonitoringApi().GetStatistics();
        using var connection = storage.GetConnection();
        connection.SetRangeInHash("key", [KeyValuePair.Create("field", "value")]);
        return storage;
    }

    private IEnumerable<UnixFileMode> Modes() => new[] { "", "-wal", "-shm" }.Select(suffix => File.GetUnixFileMode(Path + suffix));
}
