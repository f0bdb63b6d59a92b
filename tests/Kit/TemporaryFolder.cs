namespace Kit;

/// <summary>A folder that is deleted after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public DirectoryInfo Info { get; } = Directory.CreateTempSubdirectory("asdamir-");

    public string Path => Info.FullName;

    /// <summary>The path of a file or folder in it.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The connection string of a SQLite file in it.</summary>
    public string Sqlite(string file = "jobs.db") => $"Data Source={PathOf(file)}";

    public void Dispose() => Info.Delete(recursive: true);
}
