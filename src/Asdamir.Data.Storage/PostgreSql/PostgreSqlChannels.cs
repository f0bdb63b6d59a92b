using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Asdamir.Data.Storage.Engine.Clock;
using Asdamir.Data.Storage.Engine.Writes;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.PostgreSql;

/// <summary>The channels of a schema, and what is sent through them. A name has at most 63 characters, whatever the schema is.</summary>
internal sealed class PostgreSqlChannels(string schema)
{
    /// <summary>The channel for what is scheduled.</summary>
    public string Clock { get; } = $"asdamir_clock_{Hash(schema)}";

    /// <summary>The channel for revoked claims of all processes: they are few, and only their processes know which they hold.</summary>
    public string Revocations { get; } = $"asdamir_revoked_{Hash(schema)}";

    /// <summary>The channel for new jobs in a queue.</summary>
    public string Of(string queue) => $"asdamir_{Hash($"{schema}\n{queue}")}";

    /// <summary>The advisory lock of claims from a queue that consider limits.</summary>
    public long LimitKeyOf(string queue) =>
        BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"limits\n{schema}\n{queue}")));

    /// <summary>There are new jobs in queues.</summary>
    public IEnumerable<Notification> NotificationsOf(IEnumerable<string> queues) =>
        queues.Distinct(StringComparer.Ordinal).Select(queue => new Notification(Of(queue), ""));

    /// <summary>
    /// What other processes have to know: which queues received jobs, which claims are revoked, and that the clock may have to be told of
    /// scheduled jobs.
    /// </summary>
    /// <param name="sets">What was written.</param>
    /// <param name="isKnown">Whether all clocks wake early enough for scheduled jobs.</param>
    public IReadOnlyList<Notification> NotificationsOf(IReadOnlyList<WriteSet> sets, Func<IReadOnlyList<DataWrite>, bool> isKnown)
    {
        List<Notification> notifications =
        [
            .. NotificationsOf(sets.SelectMany(static set => set.QueuesToAnnounce)),
            .. Revocation.Format(sets.SelectMany(static set => set.Revocations)).Select(text => new Notification(Revocations, text)),
        ];
        var scheduled = sets.SelectMany(static set => set.Data).Where(static write => ScheduledWrites.KindOf(write) is not null).ToList();
        if (scheduled.Count > 0 && !isKnown(scheduled))
            notifications.Add(new Notification(Clock, ""));
        return notifications;
    }

    private static string Hash(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..32];
}
