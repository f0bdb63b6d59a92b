using System.Runtime.Versioning;

namespace Asdamir.AdminConsole.Database;

/// <summary>
/// The console's folder, which no other user of the machine may read: password hashes and the keys of the sessions are in it.
/// </summary>
internal static class PrivateFolder
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;
    private const UnixFileMode Shared = (UnixFileMode)0b_111_111;

    // Of the console itself. In a folder with anything else the permissions may be meant for others.
    private static readonly string[] Own = ["console.db", "console.db-wal", "console.db-shm", "console.db-journal", "keys"];

    /// <returns>What is wrong with the folder, with its fix; <see langword="null"/> when it is the console's alone.</returns>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    public static string? Open(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return null;
        }
        if (!Directory.Exists(folder))
            Directory.CreateDirectory(folder, FolderMode);
        var mode = File.GetUnixFileMode(folder);
        if ((mode & Shared) == 0)
            return null;
        if (Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName)
            .FirstOrDefault(static name => !Own.Contains(name)) is { } other)
        {
            return $"DataFolder = '{folder}' may be read or written by other users (permissions {Octal(mode)}) and holds other files, such "
                + $"as '{other}'. Fix: name a folder of the console alone, as in '{Path.Combine(folder, "console")}', which is "
                + "created, and move console.db and keys there if the console has used this folder; or set the permissions to 700.";
        }
        try
        {
            File.SetUnixFileMode(folder, FolderMode);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"DataFolder = '{folder}' may be read or written by other users (permissions {Octal(mode)}), and this user cannot "
                + $"change that. Fix: name a folder inside it, as in '{Path.Combine(folder, "console")}', which is created; or run "
                + "'chmod 700' as its owner.";
        }
    }

    /// <summary>Restricts files of earlier versions, too.</summary>
    /// <returns>What cannot be restricted, with its fix; <see langword="null"/> when all is the console's alone.</returns>
    public static string? RestrictFiles(string folder)
    {
        if (OperatingSystem.IsWindows())
            return null;
        var all = Own.Select(name => Path.Combine(folder, name))
            .SelectMany(static path => Directory.Exists(path) ? Directory.EnumerateFiles(path).Prepend(path) : [path]);
        foreach (var path in all)
        {
            try
            {
                if (Directory.Exists(path))
                    Restrict(path, FolderMode);
                else if (File.Exists(path))
                    Restrict(path, FileMode);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return $"'{path}' in DataFolder may be read or written by other users, and this user cannot change that. "
                    + "Fix: make the console's user its owner.";
            }
        }
        return null;
    }

    [UnsupportedOSPlatform("windows")]
    private static void Restrict(string path, UnixFileMode mode)
    {
        if ((File.GetUnixFileMode(path) & Shared) != 0)
            File.SetUnixFileMode(path, mode);
    }

    [UnsupportedOSPlatform("windows")]
    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8);
}
