using System.Runtime.CompilerServices;
using Asdamir.Data.HangfireJobs;
using NetArchTest.Rules;

namespace Asdamir.Data.Tests.Architecture;

/// <summary>The arrows of ARCHITECTURE.md.</summary>
public sealed class RoomsTests
{
    private const string Root = "Asdamir.Data.HangfireJobs";
    private static readonly string[] Siblings = ["Execution", "Scheduling", "Monitoring", "Dashboard"];
    private static readonly string[] PublicNamespaces = [Root, $"{Root}.Monitoring", $"{Root}.ManualExecution"];
    private static readonly string[] Top = ["Hosting", "ManualExecution"];

    public static TheoryData<string, string[]> Arrows => new()
    {
        { "Settings", ["Isolation", "Catalog", "StoredJobs", .. Siblings, .. Top] },
        { "Isolation", ["Catalog", "StoredJobs", .. Siblings, .. Top] },
        { "Catalog", ["StoredJobs", .. Siblings, .. Top] },
        { "StoredJobs", [.. Siblings, .. Top] },
        { "Execution", ["Scheduling", "Monitoring", "Dashboard", .. Top] },
        { "Scheduling", ["Execution", "Monitoring", "Dashboard", .. Top] },
        { "Monitoring", ["Execution", "Scheduling", "Dashboard", .. Top] },
        { "Dashboard", ["Execution", "Scheduling", "Monitoring", .. Top] },
        { "Hosting", ["ManualExecution"] },
        { "Monitoring.Reads", [.. Inside("Actions", "Api", "Composition", "Diagnosis", "Health", "Preflight", "Telemetry")] },
        { "Monitoring.Actions", [.. Inside("Api", "Composition", "Diagnosis", "Health", "Preflight", "Telemetry")] },
        { "Monitoring.Diagnosis", [.. Inside("Actions", "Api", "Composition", "Health", "Preflight", "Telemetry")] },
        { "Monitoring.Preflight", [.. Inside("Reads", "Actions", "Api", "Composition", "Health", "Telemetry")] },
        { "Monitoring.Composition", [.. Inside("Api", "Health", "Telemetry")] },
        { "Monitoring.Api", [.. Inside("Reads", "Actions", "Composition", "Diagnosis", "Health", "Preflight", "Telemetry")] },
    };

    private static IEnumerable<string> Inside(params string[] rooms) => rooms.Select(static room => $"Monitoring.{room}");

    [Theory]
    [MemberData(nameof(Arrows))]
    public void Room_ImportsNothingAboveOrBesideIt(string room, string[] forbidden)
    {
        var types = Types.InAssembly(typeof(IJob).Assembly).That().ResideInNamespace($"{Root}.{room}");
        Assert.NotEmpty(types.GetTypes());

        var result = types.ShouldNot().HaveDependencyOnAny([.. forbidden.Select(other => $"{Root}.{other}")]).GetResult();

        Assert.True(result.IsSuccessful, $"{room} imports what it must not: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    [Fact]
    public void Contract_ImportsOnlyTheRoomsBelowIt()
    {
        var types = Types.InAssembly(typeof(IJob).Assembly).That().HaveNameMatching($"^({string.Join('|', NamesOfContract())})$");
        Assert.NotEmpty(types.GetTypes());

        string[] above = ["Catalog", "StoredJobs", .. Siblings, .. Top];
        var result = types.ShouldNot().HaveDependencyOnAny([.. above.Select(static room => $"{Root}.{room}")]).GetResult();

        Assert.True(result.IsSuccessful, $"The contract imports what it must not: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    [Theory]
    [InlineData("Settings")]
    [InlineData("Isolation")]
    public void Room_ImportsNothingOfTheContract_BelowIt(string room)
    {
        string[] contract = [.. NamesOfContract().Select(static name => $"{Root}.{name}")];

        var result = Types.InAssembly(typeof(IJob).Assembly).That().ResideInNamespace($"{Root}.{room}")
            .ShouldNot().HaveDependencyOnAny(contract).GetResult();

        Assert.True(result.IsSuccessful, $"{room} imports the contract: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    [Fact]
    public void Arrows_AreSeen_WhereTheyExist() =>
        Assert.False(
            Types.InAssembly(typeof(IJob).Assembly).That().ResideInNamespace($"{Root}.Hosting").ShouldNot()
                .HaveDependencyOnAny($"{Root}.Execution").GetResult().IsSuccessful);

    [Fact]
    public void Internals_AreVisibleToTestsOnly()
    {
        var friends = typeof(IJob).Assembly.GetCustomAttributes(typeof(InternalsVisibleToAttribute), inherit: false)
            .Cast<InternalsVisibleToAttribute>().ToList();

        Assert.NotEmpty(friends);
        Assert.All(friends, static friend => Assert.Matches("\\.Tests$|^Apps\\.", friend.AssemblyName));
    }

    [Fact]
    public void Contract_ShowsNoTypeOfHangfire()
    {
        var contract = typeof(IJob).Assembly.GetExportedTypes()
            .Where(type =>
                type.Name is not (
                    "IHangfireJobsBuilder" or "HangfireJobsServiceCollectionExtensions" or "HangfireJobsApplicationExtensions"))
            .ToList();

        Assert.All(contract, type => Assert.Contains(type.Namespace, PublicNamespaces));
        var shown = contract.SelectMany(type =>
            type.GetMethods()
                .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)));
        Assert.DoesNotContain(shown, type => type.Namespace?.StartsWith("Hangfire", StringComparison.Ordinal) == true);
    }

    /// <summary>The types of the namespace itself, without those that Hosting and StoredJobs put there.</summary>
    private static IEnumerable<string> NamesOfContract() =>
        typeof(IJob).Assembly.GetTypes()
            .Where(static type => type is { Namespace: Root, IsNested: false })
            .Where(static type => !type.Name.EndsWith("Extensions", StringComparison.Ordinal))
            .Where(static type => type != typeof(IHangfireJobsBuilder) && type != typeof(JobMonitor) && type != typeof(JobEnvelope))
            .Select(static type => type.Name);
}
