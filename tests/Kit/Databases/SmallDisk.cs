using System.Globalization;

namespace Kit;

/// <summary>A disk that is soon full. Only root can make one.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("asdamir-disk-");

    private SmallDisk()
    {
    }

    public string Path => _folder.FullName;

    private string Filling => System.IO.Path.Combine(Path, "filling");

    /// <param name="megabytes">Its size.</param>
    /// <param name="owner">Whose it is; <see langword="null"/> for the user of this process.</param>
    /// <returns><see langword="null"/> where disks cannot be mounted.</returns>
    public static SmallDisk? TryMount(int megabytes = 2, string? owner = "postgres")
    {
        var disk = new SmallDisk();
        if (Environment.UserName == "root"
            && Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "tmpfs", disk.Path)
            && (owner is null || Run("chown", owner, disk.Path)))
        {
            return disk;
        }
        disk._folder.Delete();
        return null;
    }

    public void Grow()
    {
        if (!Run("mount", "-o", "remount,size=64m", Path))
            throw new InvalidOperationException("The small disk could not be made larger.");
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill() => Run("fallocate", "-l", new DriveInfo(Path).AvailableFreeSpace.ToString(CultureInfo.InvariantCulture), Filling);

    /// <summary>Gives it free again.</summary>
    public void Empty() => File.Delete(Filling);

    public void Dispose()
    {
        Run("umount", Path);
        _folder.Delete();
    }

    private static bool Run(string program, params IEnumerable<string> arguments) => Tool.Run(program, arguments) == 0;
}
