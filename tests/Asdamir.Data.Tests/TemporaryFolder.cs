using Asdamir.Data.Storage;

namespace Asdamir.Data.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("asdamir-").FullName;

    /// <summary>The embedded storage on a new file. Dispose it before the folder.</summary>
    public SqliteJobStorage NewStorage() => new($"Data Source={System.IO.Path.Combine(Path, $"{Guid.NewGuid():n}.db")}");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
