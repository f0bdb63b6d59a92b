using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using Asdamir.AdminConsole.Companies;

namespace Asdamir.AdminConsole.Tests.Architecture;

/// <summary>The arrows between the console's rooms, as ARCHITECTURE.md draws them.</summary>
public sealed class RoomsTests
{
    private const string Root = "Asdamir.AdminConsole.";

    // Who may use whom. Every feature may also use what is below the features.
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Companies"] = [],
        ["Database"] = [],
        ["Access"] = ["Companies"],
        ["Controls"] = ["Companies"],
        ["Shell"] = ["Access", "Companies", "Controls"],
        ["Features.SignIn"] = ["Features.Audit"],
        ["Features.Operations"] = ["Features.Audit"],
        ["Features.Jobs"] = ["Features.Operations"],
        ["Features.Recurring"] = ["Features.Operations"],
        ["Features.Queues"] = ["Features.Operations"],
        ["Features.Limits"] = ["Features.Operations"],
        ["Features.Workflows"] = ["Features.Operations"],
    };

    private static readonly string[] BelowFeatures = ["Access", "Companies", "Controls", "Database", "Shell"];

    private static readonly ArchUnitNET.Domain.Architecture Console = new ArchLoader().LoadAssembly(typeof(Attention).Assembly).Build();

    [Fact]
    public void Rooms_UseOnlyTheRoomsBelowThem()
    {
        var arrows = Console.Types
            .SelectMany(static type => type.Dependencies, static (type, dependency) =>
                (From: RoomOf(type), To: RoomOf(dependency.Target), type.FullName, Target: dependency.Target.FullName))
            .Where(static arrow => arrow.From is not null and not "Hosting" && arrow.To is not null && arrow.From != arrow.To)
            .ToList();

        // The loader found the code: these arrows are there.
        Assert.Contains(arrows, static arrow => arrow is { From: "Features.Jobs", To: "Features.Operations" });
        Assert.Contains(arrows, static arrow => arrow is { From: "Shell", To: "Access" });
        Assert.Empty(arrows
            .Where(static arrow => !IsAllowed(arrow.From!, arrow.To!))
            .Select(static arrow => $"{arrow.From} -> {arrow.To}: {arrow.FullName} uses {arrow.Target}")
            .Distinct());
    }

    [Theory]
    [InlineData("Asdamir.AdminConsole.Features.(*)")]
    [InlineData("Asdamir.AdminConsole.(*)")]
    public void Rooms_HaveNoCycles(string rooms)
    {
        var rule = SliceRuleDefinition.Slices().Matching(rooms).Should().BeFreeOfCycles();

        Assert.Empty(rule.Evaluate(Console).Where(static result => !result.Passed).Select(static result => result.Description));
    }

    private static bool IsAllowed(string from, string to) =>
        (from.StartsWith("Features.", StringComparison.Ordinal) && BelowFeatures.Contains(to))
            || (Arrows.TryGetValue(from, out var allowed) && allowed.Contains(to));

    private static string? RoomOf(IType type)
    {
        var name = type.Namespace?.FullName ?? "";
        if (!name.StartsWith(Root, StringComparison.Ordinal))
            return null;
        var parts = name[Root.Length..].Split('.');
        return parts is ["Features", var feature, ..] ? $"Features.{feature}" : parts[0];
    }
}
