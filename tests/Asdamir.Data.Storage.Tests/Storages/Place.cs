namespace Asdamir.Data.Storage.Tests.Storages;

/// <summary>A place nobody has used yet: a schema of the PostgreSQL server, or a file.</summary>
public sealed record Place(string PostgreSql, string Schema, string File);
