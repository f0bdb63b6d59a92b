namespace Asdamir.Data.Docs.Tests;

/// <summary>A folder that is deleted after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("asdamir-docs-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
