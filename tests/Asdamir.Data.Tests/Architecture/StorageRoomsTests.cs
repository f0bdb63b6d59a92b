using System.Text.RegularExpressions;
using Asdamir.Data.Storage;
using NetArchTest.Rules;

namespace Asdamir.Data.Tests.Architecture;

/// <summary>The arrows of ARCHITECTURE.md inside the storage, which depends on no other project.</summary>
public sealed class StorageRoomsTests
{
    private const string Root = "Asdamir.Data.Storage";
    private static readonly string[] Dialects = ["PostgreSql", "Sqlite"];

    // Each room knows those before it only, so there are no cycles.
    private static readonly string[] Shared = ["Telemetry", "Threading", "Sql", "Engine", "Contract"];

    public static TheoryData<string, string[]> Arrows
    {
        get
        {
            TheoryData<string, string[]> arrows = new()
            {
                { "PostgreSql", ["Contract", "Sqlite"] },
                { "Sqlite", ["Contract", "PostgreSql"] },
            };
            foreach (var (place, room) in Shared.Index())
                arrows.Add(room, [.. Shared[(place + 1)..], .. Dialects]);
            return arrows;
        }
    }

    // The same inside of the engine; the open storage, which is beside them, knows them all.
    private static readonly string[] OfEngine = ["Writes", "Dialect", "Leases", "Claims", "Locks", "Clock"];

    public static TheoryData<string, string[]> ArrowsOfEngine
    {
        get
        {
            TheoryData<string, string[]> arrows = new() { { "Upkeep", ["Writes", "Leases", "Claims", "Locks", "Clock"] } };
            foreach (var (place, room) in OfEngine.Index())
                arrows.Add(room, [.. OfEngine[(place + 1)..], "Upkeep"]);
            return arrows;
        }
    }

    public static TheoryData<string> RoomsWithoutHangfire => ["Threading", "Sql", "Engine", "PostgreSql", "Sqlite"];

    [Fact]
    public void Storage_NeverKnowsAsdamirData()
    {
        var result = Types.InAssembly(typeof(SqlJobStorage).Assembly).ShouldNot().HaveDependencyOn("Asdamir.Data.HangfireJobs").GetResult();

        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Theory]
    [MemberData(nameof(Arrows))]
    public void Room_ImportsNothingAboveOrBesideIt(string room, string[] forbidden) =>
        AssertNone(room, [.. forbidden.Select(static other => $"{Root}.{other}")]);

    [Theory]
    [MemberData(nameof(ArrowsOfEngine))]
    public void RoomOfTheEngine_ImportsNothingAboveOrBesideIt(string room, string[] forbidden) =>
        AssertNone(
            $"Engine.{room}",
            [
                .. forbidden.Select(static other => $"{Root}.Engine.{other}"), $"{Root}.Engine.StorageEngine",
                $"{Root}.Engine.EngineSettings",
            ]);

    [Fact]
    public void ArrowsOfTheEngine_NameAllItsRooms() =>
        Assert.Equal(
            [Root + ".Engine", .. OfEngine.Append("Upkeep").Select(static room => $"{Root}.Engine.{room}").Order()],
            TypesIn("Engine").GetTypes().Select(static type => type.Namespace).Distinct().Order());

    [Fact]
    public void Arrows_AreSeen_WhereTheyExist() =>
        Assert.False(TypesIn("Contract").ShouldNot().HaveDependencyOnAny($"{Root}.Engine").GetResult().IsSuccessful);

    [Theory]
    [MemberData(nameof(RoomsWithoutHangfire))]
    public void Room_KnowsNothingOfHangfire(string room) => AssertNone(room, "Hangfire");

    [Theory]
    [InlineData("Telemetry")]
    [InlineData("Threading")]
    [InlineData("Sql")]
    [InlineData("Engine")]
    [InlineData("Contract")]
    public void SharedRoom_KnowsNoDriver(string room) => AssertNone(room, "Npgsql", "Microsoft.Data.Sqlite");

    private static void AssertNone(string room, params string[] others)
    {
        Assert.NotEmpty(TypesIn(room).GetTypes());

        var result = TypesIn(room).ShouldNot().HaveDependencyOnAny(others).GetResult();

        Assert.True(result.IsSuccessful, $"{room} imports what it must not: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    private static PredicateList TypesIn(string room) =>
        Types.InAssembly(typeof(SqlJobStorage).Assembly).That().ResideInNamespaceMatching($@"^{Regex.Escape(Root)}\.{room}(\.|$)");
}
