namespace Asdamir.Data.Storage.Tests.Storages;

/// <summary>A place that is still empty: a schema of the PostgreSQL server, or a file.</summary>
public sealed record Place(Func<string> Connect, string Schema, string File)
{
    public string PostgreSql => Connect();
}
