using Asdamir.Data.Storage.Tests.Conformance;

namespace Asdamir.Data.Storage.Tests.Storages;

// One line a storage; its description is in StorageUnderTest.<Name>.cs beside this file.
// The storages of this package come first, then those the suite itself is measured with.

public sealed class InMemoryConformance() : StorageConformance(StorageUnderTest.InMemory);

public sealed class HangfirePostgreSqlConformance() : StorageConformance(StorageUnderTest.HangfirePostgreSql);

public sealed class PostgreSqlConformance() : StorageConformance(StorageUnderTest.PostgreSql);

public sealed class PostgreSqlUnpreparedConformance() : StorageConformance(StorageUnderTest.PostgreSqlUnprepared);

public sealed class SqliteConformance() : StorageConformance(StorageUnderTest.Sqlite);
