using System.Globalization;
using System.Security.Cryptography;
using Asdamir.Data.Storage.Engine.Dialect;

namespace Asdamir.Data.Storage.Sqlite;

/// <summary>
/// A locked file beside the database. The operating system unlocks it when the process ends. Where files cannot be locked, as on some
/// network drives, leases end by time only.
/// </summary>
internal sealed class SqliteLivenessLock : ILivenessLock
{
    private static readonly TimeSpan LongestUnpublished = TimeSpan.FromDays(1);

    private readonly FileStream? _file;

    private SqliteLivenessLock(FileStream? file, long? key) => (_file, Key) = (file, key);

    public long? Key { get; }

    /// <param name="database">The path of the database's file.</param>
    /// <param name="time">Says how old files are.</param>
    public static SqliteLivenessLock Take(string database, TimeProvider time)
    {
        if (PrivateFile.IsAddress(database))
            return new(null, null);
        try
        {
            DeleteUnpublished(database, time);
            var key = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue;
            var file = PrivateFile.CreateLocked(PathOf(database, key), database);
            if (!IsFree(database, key))
                return new(file, key);
            file.Dispose();
            Delete(file.Name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The folder cannot be written, or the disk is full.
        }
        return new(null, null);
    }

    /// <summary>Whether the process that held this lock has ended. Without its file, as in a restored backup, that is not known.</summary>
    public static bool IsFree(string database, long key) => IsFree(PathOf(database, key));

    /// <summary>Deletes the file of a lock that no process holds. A suspended process whose lease has ended keeps its file.</summary>
    public static void Remove(string database, long key)
    {
        if (IsFree(database, key))
            Delete(PathOf(database, key));
    }

    // A file stays locked as long as its process lives.
    public void Replace(long key)
    {
    }

    public void Dispose() => _file?.Dispose();

    private static string PathOf(string database, long key) => database + string.Create(CultureInfo.InvariantCulture, $"-alive-{key:x16}");

    private static bool IsFree(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    // A process that died before its key was in a lease left its file.
    private static void DeleteUnpublished(string database, TimeProvider time)
    {
        var full = Path.GetFullPath(database);
        foreach (var path in Directory.EnumerateFiles(Path.GetDirectoryName(full)!, Path.GetFileName(full) + "-alive-*"))
        {
            if (time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(path) > LongestUnpublished && IsFree(path))
                Delete(path);
        }
    }
}
