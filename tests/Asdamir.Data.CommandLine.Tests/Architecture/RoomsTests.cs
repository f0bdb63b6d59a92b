using System.Runtime.CompilerServices;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;

namespace Asdamir.Data.CommandLine.Tests.Architecture;

/// <summary>The arrows between the rooms of the tool, as ARCHITECTURE.md draws them.</summary>
public sealed class RoomsTests
{
    private const string Root = "Asdamir.Data.CommandLine.";

    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Output"] = [],
        ["Connections"] = [],
        ["Builds"] = ["Connections"],
        ["Commands"] = ["Builds", "Connections", "Output"],
    };

    private static readonly ArchUnitNET.Domain.Architecture Code = new ArchLoader().LoadAssembly(typeof(Tool).Assembly).Build();

    [Fact]
    public void Rooms_UseOnlyTheRoomsBelowThem()
    {
        var arrows = Code.Types
            .SelectMany(static type => type.Dependencies, static (type, dependency) =>
                (From: RoomOf(type), To: RoomOf(dependency.Target), type.FullName, Target: dependency.Target.FullName))
            .Where(static arrow => arrow.From is not null && arrow.To is not null && arrow.From != arrow.To)
            .ToList();

        Assert.Contains(arrows, static arrow => arrow is { From: "Commands", To: "Connections" });
        Assert.Empty(arrows
            .Where(static arrow => !Arrows[arrow.From!].Contains(arrow.To))
            .Select(static arrow => $"{arrow.From} -> {arrow.To}: {arrow.FullName} uses {arrow.Target}"));
    }

    [Fact]
    public void Rooms_HaveNoCycles()
    {
        var rule = SliceRuleDefinition.Slices().Matching("Asdamir.Data.CommandLine.(*)").Should().BeFreeOfCycles();

        Assert.Empty(rule.Evaluate(Code).Where(static result => !result.Passed).Select(static result => result.Description));
    }

    [Theory]
    [InlineData(typeof(IJob))]
    [InlineData(typeof(SqlJobStorage))]
    public void Tool_SeesNoInternals_OfTheOtherProducts(System.Type product)
    {
        var friends = product.Assembly.GetCustomAttributes(typeof(InternalsVisibleToAttribute), inherit: false)
            .Cast<InternalsVisibleToAttribute>()
            .Select(static friend => friend.AssemblyName)
            .ToList();

        Assert.NotEmpty(friends);
        Assert.DoesNotContain(typeof(Tool).Assembly.GetName().Name, friends);
    }

    private static string? RoomOf(IType type)
    {
        var name = type.Namespace?.FullName ?? "";
        return name.StartsWith(Root, StringComparison.Ordinal) ? name[Root.Length..].Split('.')[0] : null;
    }
}
