namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>The data of the state Enqueued, as Hangfire writes it now, for jobs that the storage itself puts back into a queue.</summary>
internal delegate IDictionary<string, string?> EnqueuedData(string queue);
