namespace Asdamir.Data.Tests;

/// <summary>The storages that the read model is tested on: Hangfire's own, which it scans, and ours, which it asks.</summary>
public enum StorageKind
{
    InMemory,
    Sqlite,
    PostgreSql,
}
