namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>
/// The keys that are taken, each with its job: unique ones until the job ends, the others until they expire. Most jobs have none, so they
/// are not columns of the job.
/// </summary>
internal static class JobKeyTable
{
    /// <summary>Follows the rows to insert: what has expired is taken over, and anything else stays and is not counted.</summary>
    public const string TakeOver = """
        ON CONFLICT (key) DO UPDATE SET job_id = excluded.job_id, expire_at = excluded.expire_at
        WHERE k.expire_at < {now}
        """;

    /// <summary>Deletes the unique keys of jobs; a condition on <c>job_id</c> follows. Only this condition permits their index.</summary>
    public const string Release = "DELETE FROM {s}job_key WHERE expire_at IS NULL AND ";

    /// <summary>Takes a key: @key, @job, @expireAt. Waits for another transaction that takes the same one.</summary>
    private const string Take = $$"""
        INSERT INTO {s}job_key AS k (key, job_id, expire_at) VALUES (@key, @job, @expireAt)
        {{TakeOver}}
        """;

    /// <summary>Who has the keys that a commit wants.</summary>
    public static KeyHolders Holders(Session session, SqlDatabase database, string[] keys, IEnumerable<string> replacing) =>
        HoldersOf(session, Jobs(session, database, keys), replacing);

    /// <summary>The same, where it is known which jobs have the keys.</summary>
    public static KeyHolders HoldersOf(Session session, Dictionary<string, long> jobs, IEnumerable<string> replacing)
    {
        Dictionary<long, HeldJob> held = [];
        foreach (var key in replacing)
        {
            if (jobs.TryGetValue(key, out var job) && !held.ContainsKey(job) && HeldJob.Find(session, job) is { } found)
                held.Add(job, found);
        }
        return new KeyHolders(jobs, held);
    }

    /// <summary>The jobs of those of these keys that are taken.</summary>
    public static Dictionary<string, long> Jobs(Session session, SqlDatabase database, string[] keys) =>
        session.Query(
            "SELECT key, job_id FROM {s}job_key WHERE (expire_at IS NULL OR expire_at >= {now}) AND " + database.AnyOf("key", "@keys"),
            static row => KeyValuePair.Create(row.GetString(0), row.GetInt64(1)), ("@keys", keys))
            .ToDictionary(StringComparer.Ordinal);

    /// <returns>Whether the job has the key now.</returns>
    public static bool TryTake(Session session, string key, long jobId, long? expireAt) =>
        session.Execute(Take, ("@key", key), ("@job", jobId), ("@expireAt", expireAt)) > 0;

    /// <summary>Takes keys back from jobs that are not written.</summary>
    public static void GiveBack(Session session, SqlDatabase database, string[] keys, long[] jobIds) =>
        session.Execute(
            "DELETE FROM {s}job_key WHERE " + database.AnyOf("key", "@keys") + " AND " + database.AnyOf("job_id", "@ids"),
            ("@keys", keys), ("@ids", jobIds));

    public static void ReleaseOf(Session session, SqlDatabase database, long[] jobIds) =>
        session.Execute(Release + database.AnyOf("job_id", "@ids"), ("@ids", jobIds));
}
