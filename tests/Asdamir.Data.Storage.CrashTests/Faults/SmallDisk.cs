using System.Diagnostics;

namespace Asdamir.Data.Storage.CrashTests.Faults;

/// <summary>A disk that is soon full. Only root can make one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("asdamir-disk-");

    private SmallDisk()
    {
    }

    public string Path => _folder.FullName;

    /// <returns><see langword="null"/> where disks cannot be mounted.</returns>
    public static SmallDisk? TryMount()
    {
        var disk = new SmallDisk();
        if (Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.Path) && Run("chown", "postgres", disk.Path))
            return disk;
        disk._folder.Delete();
        return null;
    }

    public void Grow() => Assert.True(Run("mount", "-o", "remount,size=64m", Path));

    public void Dispose()
    {
        Run("umount", Path);
        _folder.Delete();
    }

    private static bool Run(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
