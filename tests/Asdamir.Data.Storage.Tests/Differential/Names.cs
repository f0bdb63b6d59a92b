using Hangfire.Storage;

namespace Asdamir.Data.Storage.Tests.Differential;

/// <summary>Random keys, texts and jobs, few enough that changes meet each other.</summary>
internal sealed class Names(Random random, int seed)
{
    private const int Jobs = 30;

    private readonly string[] _texts = Differential.Text.Of(seed);
    private readonly HashSet<string> _expiringSets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _expiringLists = new(StringComparer.Ordinal);

    public string[] Keys { get; } =
    [
        "recurring-jobs", "retries", "stats:succeeded", "stats:deleted", .. Differential.Text.Of(seed).Take(12)
    ];

    public string[] Queues { get; } = ["default", .. Differential.Text.Of(seed).Where(static text => text.Length > 0).TakeLast(7)];

    public string[] Texts => _texts;

    public string Key() => Keys[random.Next(Keys.Length)];

    public string Queue() => Queues[random.Next(Queues.Length)];

    public string Text() => _texts[random.Next(_texts.Length)];

    public int Job() => random.Next(Jobs);

    public double Score() => random.Next(9) switch
    {
        0 => double.NegativeInfinity,
        1 => double.PositiveInfinity,
        2 => -0.0,
        3 => 0.5,
        4 => 1e300,
        5 => 1760000000.25,
        var small => small - 7,
    };

    public void ExpireSet(string key) => _expiringSets.Add(key);

    public void ExpireList(string key) => _expiringLists.Add(key);

    /// <summary>See <see cref="Declared.ExpiryIsOfItems"/>.</summary>
    public Action<Side, JobStorageTransaction>? SetsExpire(string key) =>
        _expiringSets.Contains(key) ? (side, transaction) => transaction.PersistSet(side.Text(key)) : null;

    /// <summary>See <see cref="Declared.ExpiryIsOfItems"/>.</summary>
    public Action<Side, JobStorageTransaction>? ListsExpire(string key) =>
        _expiringLists.Contains(key) ? (side, transaction) => transaction.PersistList(side.Text(key)) : null;
}
