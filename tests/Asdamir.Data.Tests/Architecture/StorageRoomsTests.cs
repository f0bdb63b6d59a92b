using Asdamir.Data.Storage;
using NetArchTest.Rules;

namespace Asdamir.Data.Tests.Architecture;

/// <summary>The storage depends on no other project, and only its two dialects know their database.</summary>
public sealed class StorageRoomsTests
{
    private const string Root = "Asdamir.Data.Storage";

    public static TheoryData<string> SharedRooms =>
        ["Contract", "Engine", "Sql", "Telemetry", "Threading"];

    [Fact]
    public void Storage_NeverKnowsAsdamirData()
    {
        var result = Types.InAssembly(typeof(SqlJobStorage).Assembly).ShouldNot().HaveDependencyOn("Asdamir.Data.HangfireJobs").GetResult();

        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Theory]
    [MemberData(nameof(SharedRooms))]
    public void SharedRoom_KnowsNoDriver_AndNoDialect(string room)
    {
        var types = Types.InAssembly(typeof(SqlJobStorage).Assembly).That().ResideInNamespaceStartingWith($"{Root}.{room}");
        Assert.NotEmpty(types.GetTypes());

        var result = types.ShouldNot().HaveDependencyOnAny("Npgsql", "Microsoft.Data.Sqlite", $"{Root}.PostgreSql", $"{Root}.Sqlite")
            .GetResult();

        Assert.True(result.IsSuccessful, $"{room} knows a database: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }
}
