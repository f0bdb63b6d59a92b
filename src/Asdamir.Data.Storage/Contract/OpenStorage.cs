using Asdamir.Data.Storage.Engine;
using Asdamir.Data.Storage.Engine.Claims;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql;
using Asdamir.Data.Storage.Sql.Tables;
using Asdamir.Data.Storage.Threading;
using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Contract;

/// <summary>An open storage: its engine, and what the classes that Hangfire calls need besides.</summary>
internal sealed class OpenStorage(JobStorage storage, StorageEngine engine, JobSettings jobs)
{
    public JobStorage Storage => storage;

    public StorageEngine Engine => engine;

    public Servers Servers { get; } = new(engine.Leases);

    /// <summary>What this process may load; <see langword="null"/> for everything.</summary>
    public IJobLoader? JobLoader => jobs.Loader;

    /// <param name="claim">The claim under which the connection works, if any.</param>
    public StorageConnection Connect(WorkerClaim? claim = null)
    {
        var connection = new StorageConnection(this, engine.Database, engine);
        if (claim is not null)
            connection.Own(claim);
        return connection;
    }

    /// <summary>A job as it is written; what it has in common with others is written already.</summary>
    public NewJob Describe(Job job, IDictionary<string, string?> parameters, DateTime createdAt, TimeSpan expireIn)
    {
        var invocation = InvocationData.SerializeJob(job);
        Dictionary<string, string?> storable = new(parameters.Count, StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
            storable[StorableText.Of(name)] = StorableText.OrNull(value);
        var replaces = storable.Remove(JobKeys.ReplaceParameter);
        var call = new JobCall(
            invocation.Type, invocation.Method, invocation.ParameterTypes, invocation.Arguments, invocation.Queue);
        var created = new NewJob
        {
            CreatedAt = Created(createdAt),
            ExpireAt = Micros.After(engine.Database.Time, expireIn),
            Name = StorableText.Of(jobs.NameOf(job)),
            Invocation = call,
            InvocationId = InvocationTable.IdOf(call),
            Parameters = storable,
            Keys = JobKey.Of(storable, engine.Database.Time),
            Place = QueuePlace.Of(storable),
            Replaces = replaces,
            Skipped = storable.ContainsKey(SkippedOccurrence.RecurringJobId)
                ? holder => SkippedOccurrence.Of(holder, engine.Database)
                : null,
        };
        engine.Invocations.Write(created);
        return created;
    }

    // Hangfire knows the system's clock alone.
    private long Created(DateTime at) =>
        engine.Database.Time.IsSystem() ? Micros.Of(at.ToUniversalTime()) : Micros.Now(engine.Database.Time);
}
