using Asdamir.Data.Storage;

namespace Asdamir.Data.Tests;

internal static class TemporaryFolderExtensions
{
    /// <summary>The embedded storage on a new file. Dispose it before the folder.</summary>
    public static SqliteJobStorage NewStorage(this TemporaryFolder folder) => new(folder.Sqlite($"{Guid.NewGuid():n}.db"));
}
