namespace Asdamir.Data.Testing.Hosting;

/// <summary>The folder of the storage of one host, which is removed after the storage is closed.</summary>
internal sealed class StorageFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("asdamir-jobs-");

    public string File => Path.Combine(_folder.FullName, "jobs.db");

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A job that was abandoned may still use the file.
        }
    }
}
