namespace Asdamir.Data.Storage.Conformance;

/// <summary>Texts are equal when all their characters are, whatever a culture says.</summary>
public abstract partial class StorageConformance
{
    // Cultures ignore the soft hyphen, joiners, zero-width spaces and the byte order mark, compose letters with their accents,
    // and know letters that are equal to two others.
    private static readonly string[] LookAlikes =
    [
        "", " ", "a", "A", "a\u00ad", "\u00ada", "a\u200d", "a\u200c", "a\u200b", "a\u2060", "a\ufeff", "\ufeffa", "a ",
        "\u00e9", "e\u0301", "\u00c9", "i", "I", "\u0130", "\u0131", "i\u0307", "ss", "\u00df", "\u1e9e", "SS", "fi", "\ufb01",
        "\uff41", "\u00e5", "a\u030a", "\u212b", "\ud83d\ude00", "\ud83d\ude00\u200d", "\u00ad", "\u200b", "\u0640",
    ];

    [Fact]
    public void Set_KeepsValuesApart_WhenACultureCallsThemEqual()
    {
        Commit(transaction => Each((text, number) => transaction.AddToSet(Key, text, number)));
        Commit(transaction => transaction.RemoveFromSet(Key, "a"));

        Assert.Equal(Without("a"), Connection.GetRangeFromSet(Key, 0, LookAlikes.Length));
        Assert.Equal(Without("a").ToHashSet(StringComparer.Ordinal), Connection.GetAllItemsFromSet(Key));
    }

    [Fact]
    public void Set_TakesTheChangeOfItsOwnValue_WhenACultureCallsOthersOfTheCommitEqual()
    {
        Commit(transaction => Each((text, _) => transaction.AddToSet(Key, text)));

        Commit(transaction =>
        {
            transaction.RemoveFromSet(Key, "a");
            transaction.AddToSet(Key, "a\u00ad", 2);
            transaction.RemoveFromSet(Key, "e\u0301");
            transaction.AddToSet(Key, "\u00e9", 3);
        });

        Assert.Equal(Without("a", "e\u0301").ToHashSet(StringComparer.Ordinal), Connection.GetAllItemsFromSet(Key));
        Assert.Equal("a\u00ad", Connection.GetFirstByLowestScoreFromSet(Key, 1, 2));
        Assert.Equal("\u00e9", Connection.GetFirstByLowestScoreFromSet(Key, 3, 4));
    }

    [Fact]
    public void Hash_KeepsFieldsApart_WhenACultureCallsThemEqual()
    {
        var expected = LookAlikes.ToDictionary(static text => text, static text => $"value of '{text}'", StringComparer.Ordinal);

        Connection.SetRangeInHash(Key, expected);
        Commit(transaction => transaction.SetRangeInHash(OtherKey, expected));

        Assert.Equal(expected, Connection.GetAllEntriesFromHash(Key));
        Assert.Equal(expected, Connection.GetAllEntriesFromHash(OtherKey));
    }

    [Fact]
    public void List_LosesTheRemovedValueOnly_WhenACultureCallsOthersEqual()
    {
        Commit(transaction => Each((text, _) => transaction.InsertToList(Key, text)));

        Commit(transaction => transaction.RemoveFromList(Key, "a"));

        Assert.Equal(Without("a").Reverse(), Connection.GetAllItemsFromList(Key));
    }

    [Fact]
    public void Keys_AreKeptApart_WhenACultureCallsThemEqual()
    {
        Commit(transaction => Each((text, number) =>
        {
            transaction.AddToSet(Key + text, $"{number}");
            transaction.SetRangeInHash(Key + text, [KeyValuePair.Create("field", $"{number}")]);
            transaction.InsertToList(Key + text, $"{number}");
            for (var i = 0; i <= number; i++)
                transaction.IncrementCounter(Key + text);
        }));

        Each((text, number) =>
        {
            Assert.Equal([$"{number}"], Connection.GetAllItemsFromSet(Key + text));
            Assert.Equal($"{number}", Connection.GetValueFromHash(Key + text, "field"));
            Assert.Equal([$"{number}"], Connection.GetAllItemsFromList(Key + text));
            Assert.Equal(number + 1, Connection.GetCounter(Key + text));
        });
    }

    [Fact]
    public void Parameters_AreKeptApart_WhenACultureCallsTheirNamesEqual()
    {
        var expected = LookAlikes.ToDictionary(static text => "name" + text, static text => $"value of '{text}'", StringComparer.Ordinal);
        var id = Connection.CreateExpiredJob(SampleJobs.Text("x"), expected, DateTime.UtcNow, Hour);

        Connection.SetJobParameter(id, "namea", "changed");
        expected["namea"] = "changed";

        Assert.Equal(expected, Monitoring.JobDetails(id).Properties);
        Assert.All(expected, parameter => Assert.Equal(parameter.Value, Connection.GetJobParameter(id, parameter.Key)));
    }

    [Fact]
    public void Queues_AreKeptApart_WhenACultureCallsTheirNamesEqual()
    {
        UseEmptyStorage();
        var ids = LookAlikes.Select(text => CreateJob(text)).ToArray();
        Commit(transaction => Each((text, number) => transaction.AddToQueue(Queue + text, ids[number])));

        Each((text, number) => Assert.Equal(ids[number], FetchAndRemove(Queue + text)));
    }

    [Fact]
    public void Locks_AreKeptApart_WhenACultureCallsTheirNamesEqual()
    {
        Each((text, _) => Closing(Connect().AcquireDistributedLock(Key + text, TimeSpan.Zero)));
    }

    [Fact]
    public async Task Commits_WriteWhatTheyReturnedFor_WhenThreadsWriteKeysThatACultureCallsEqual()
    {
        const int Threads = 8;
        const int Commits = 25;
        string HashOf(int number) => Key + new string('\u00ad', number);
        var connections = Enumerable.Range(0, Threads).Select(_ => Connect()).ToArray();

        await OnThreadsAsync(Threads, thread =>
        {
            for (var number = thread * Commits; number < (thread + 1) * Commits; number++)
            {
                var hash = HashOf(number);
                Commit(connections[thread], transaction =>
                {
                    transaction.SetRangeInHash(hash, [KeyValuePair.Create("field", hash)]);
                    transaction.AddToSet(hash, "value");
                });
            }
        });

        Assert.All(Enumerable.Range(0, Threads * Commits).Select(HashOf), hash =>
        {
            Assert.Equal(hash, Connection.GetValueFromHash(hash, "field"));
            Assert.Equal(["value"], Connection.GetAllItemsFromSet(hash));
        });
    }

    private static void Each(Action<string, int> action)
    {
        for (var i = 0; i < LookAlikes.Length; i++)
            action(LookAlikes[i], i);
    }

    private static IEnumerable<string> Without(params string[] texts) => LookAlikes.Except(texts, StringComparer.Ordinal);
}
