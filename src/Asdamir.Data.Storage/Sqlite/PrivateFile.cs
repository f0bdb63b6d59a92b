namespace Asdamir.Data.Storage.Sqlite;

/// <summary>
/// Keeps a database file from other users of the machine: arguments and outputs of jobs are in it. SQLite gives its -wal and -shm
/// the permissions of the file.
/// </summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly string[] Suffixes = ["", "-wal", "-shm"];

    /// <summary>Creates a missing file, empty, for its owner only. SQLite reports any error later.</summary>
    public static void CreateMissing(string path)
    {
        if (OperatingSystem.IsWindows() || IsAddress(path) || File.Exists(path))
            return;
        try
        {
            new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly })
                .Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>
    /// Restricts a file that all users may read, as with default permissions, to its owner. A file that is shared with a group
    /// only (660) is left unchanged. Call it only for files of this storage.
    /// </summary>
    public static void Restrict(string path)
    {
        if (OperatingSystem.IsWindows() || IsAddress(path))
            return;
        foreach (var file in Suffixes.Select(suffix => path + suffix))
        {
            try
            {
                if (File.Exists(file) && (File.GetUnixFileMode(file) & Others) != 0)
                    File.SetUnixFileMode(file, OwnerOnly);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It belongs to another user, who decides on its permissions.
            }
        }
    }

    /// <summary>Creates a file that no other process can open, for those who may use the database beside it.</summary>
    public static FileStream CreateLocked(string path, string database)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = File.GetUnixFileMode(database) & ~Others;
        return new FileStream(path, options);
    }

    public static bool IsAddress(string path) => path.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
}
