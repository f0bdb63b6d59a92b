using System.Text.Json.Serialization;
using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Tests.Catalog.Arguments;

/// <summary>What no type shows, a value does: the call that enqueues it throws, and nothing is stored.</summary>
public sealed class FirstValueTests
{
    [Fact]
    public async Task Enqueue_NamesMemberAndClasses_WhenAValueIsOfADerivedClass()
    {
        await using var host = await StartAsync(jobs => jobs.AddJob<Taking<Order>>());
        host.Jobs.Enqueue<Taking<Order>, Order>(new Order(new Address("first"), []));

        var nested = Refused(
            () => host.Jobs.Enqueue<Taking<Order>, Order>(new Order(new Address("a"), [new Address("b"), new PostBox("c", 7)])));
        var root = Refused(() => host.Jobs.Enqueue<Taking<Order>, Order>(new Rush(new Address("a"), [], 5)));
        var byContract = Refused(() => host.Jobs.Enqueue<Taking<Order>, Rush>(new Rush(new Address("a"), [], 5)));

        Assert.All(["'Taking", "PostBox", "Address", "$.Others", "[JsonDerivedType"], part =>
            Assert.Contains(part, nested, StringComparison.Ordinal));
        Assert.Contains("is a Rush, but declared as Order", root, StringComparison.Ordinal);
        Assert.Contains("is a Rush, but declared as Order", byContract, StringComparison.Ordinal);
        AssertStored(host, 1);
    }

    [Fact]
    public async Task Enqueue_NamesTheMember_WhenAGetterReturnsSomethingElseThanIsRead()
    {
        await using var host = await StartAsync(jobs => jobs.AddJob<Taking<Backed<int>>>());

        var error = Refused(() => host.Jobs.Enqueue<Taking<Backed<int>>, Backed<int>>(new Backed<int>("x")));

        Assert.Contains("$.name", error, StringComparison.Ordinal);
        Assert.Contains("arrive changed", error, StringComparison.Ordinal);
        AssertStored(host, 0);
    }

    [Fact]
    public async Task Enqueue_SaysWhy_WhenTheValueCannotBeReadBack()
    {
        await using var host = await StartAsync(jobs => jobs.AddJob<Taking<Unreadable>>());

        var error = Refused(() => host.Jobs.Enqueue<Taking<Unreadable>, Unreadable>(new Unreadable(1L)));

        Assert.Contains("not read back", error, StringComparison.Ordinal);
        AssertStored(host, 0);
    }

    [Fact]
    public async Task Enqueue_ChecksEveryValue_UntilOneWasGood()
    {
        await using var host = await StartAsync(jobs => jobs.AddJob<Taking<Backed<long>>>());

        Refused(() => host.Jobs.Enqueue<Taking<Backed<long>>, Backed<long>>(new Backed<long>("x")));
        Refused(() => host.Jobs.EnqueueMany<Taking<Backed<long>>, Backed<long>>([new Backed<long>("y")]));
        Refused(() => host.Jobs.AddOrUpdateRecurring<Taking<Backed<long>>, Backed<long>>(new Backed<long>("z"), "@daily"));
        host.Jobs.Enqueue<Taking<Backed<long>>, Backed<long>>(new Backed<long>());

        AssertStored(host, 1);
        Assert.Equal(0, host.Storage.GetMonitoringApi().GetStatistics().Recurring);
    }

    [Theory]
    [InlineData("high alone")]
    [InlineData("high at the end")]
    [InlineData("low at the beginning")]
    [InlineData("two high")]
    [InlineData("low after a pair")]
    public async Task Enqueue_NamesMemberAndCharacter_WhenTextHasHalfASurrogatePair(string kind)
    {
        // Such text cannot be part of a test's name.
        var text = kind switch
        {
            "high alone" => "\uD834",
            "high at the end" => "a\uD834",
            "low at the beginning" => "\uDD1Ea",
            "two high" => "\uD834\uD834\uDD1E",
            _ => "𝄞\uDD1E",
        };
        await using var host = await StartAsync(jobs => jobs.AddJob<Taking<Texts>>());
        host.Jobs.Enqueue<Taking<Texts>, Texts>(new Texts("𝄞 \uFFFD", 'x', new() { ["𝄞"] = [] }));

        var errors = new[]
        {
            Refused(() => host.Jobs.Enqueue<Taking<Texts>, Texts>(new Texts(text, 'x', []))),
            Refused(() => host.Jobs.Enqueue<Taking<Texts>, Texts>(new Texts("", text.First(char.IsSurrogate), []))),
            Refused(() => host.Jobs.Enqueue<Taking<Texts>, Texts>(new Texts("", 'x', new() { [text] = [] }))),
            Refused(() => host.Jobs.Enqueue<Taking<Texts>, Texts>(new Texts("", 'x', new() { ["a"] = [text] }))),
        };

        Assert.All(errors, error => Assert.Matches(@"half a surrogate pair \(U\+D[89A-F][0-9A-F]{2}\)", error));
        Assert.Contains("$.Text", errors[0], StringComparison.Ordinal);
        AssertStored(host, 1);
    }

    [Fact]
    public async Task Enqueue_AcceptsAValue_WhoseComputedPropertiesChangeWithTime()
    {
        await using var host = await StartAsync(jobs => jobs.AddJob<Taking<Aging>>());

        host.Jobs.Enqueue<Taking<Aging>, Aging>(new Aging(DateTimeOffset.UnixEpoch));

        AssertStored(host, 1);
    }

    [Fact]
    public async Task Enqueue_CallsTheAuthorsCallback_OfAClassThatOthersMayDeriveFrom()
    {
        await using var host = await StartAsync(jobs => jobs.AddJob<Taking<Calling>>());
        var value = new Calling();

        host.Jobs.Enqueue<Taking<Calling>, Calling>(value);

        Assert.True(value.Called);
    }

    private static string Refused(Action enqueue) => Assert.Throws<JobArgumentsException>(enqueue).Message;

    private static string Refused(Func<object> enqueue) => Assert.Throws<JobArgumentsException>(() => { enqueue(); }).Message;

    private static void AssertStored(JobHost host, long runs) =>
        Assert.Equal(runs, host.Storage.GetMonitoringApi().GetStatistics().Enqueued);

    private static Task<JobHost> StartAsync(Action<IHangfireJobsBuilder> addJobs) =>
        JobHost.StartClientAsync(addJobs, services: services => services.AddSingleton<Taken>());

    internal record Address(string Street);

    internal sealed record PostBox(string Street, int Number) : Address(Street);

    internal record Order(Address To, IReadOnlyList<Address> Others);

    internal sealed record Rush(Address To, IReadOnlyList<Address> Others, int Hours) : Order(To, Others);

    /// <summary>Each test has its own, as a type that was read back once is not checked again in this process.</summary>
    internal sealed class Backed<TOfTest>
    {
        private readonly string _name = "";

        public Backed()
        {
        }

        public Backed(string name) => _name = name;

        public string Name => _name;

        public int Other { get; set; }
    }

    internal sealed class Unreadable
    {
        [JsonConstructor]
        public Unreadable(int count) => Count = count == 0 ? count : throw new ArgumentException("Only nought can be read.");

        public Unreadable(long count) => Count = (int)count;

        public int Count { get; }
    }

    internal sealed record Texts(string Text, char Letter, Dictionary<string, List<string>> More);

    internal sealed record Aging(DateTimeOffset Born)
    {
        public TimeSpan Age => DateTimeOffset.UtcNow - Born;
    }

    internal class Calling : IJsonOnSerializing
    {
        [JsonIgnore]
        public bool Called { get; private set; }

        public string Name { get; set; } = "";

        public void OnSerializing() => Called = true;
    }

    internal sealed class Quiet : Calling;
}
