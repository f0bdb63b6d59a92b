using NetArchTest.Rules;

namespace Asdamir.Data.Testing.Tests.Architecture;

/// <summary>The arrows of ARCHITECTURE.md.</summary>
public sealed class ArrowsTests
{
    private const string Jobs = "Asdamir.Data.HangfireJobs";

    [Theory]
    [InlineData("Catalog")]
    [InlineData("StoredJobs")]
    [InlineData("Execution")]
    [InlineData("Scheduling")]
    [InlineData("Dashboard")]
    [InlineData("Isolation")]
    [InlineData("Hosting")]
    public void Package_SeesNothingInsideOfTheFramework(string inside) =>
        Nothing(Types.InAssembly(typeof(JobHost).Assembly), $"{Jobs}.{inside}");

    [Theory]
    [InlineData("Xunit")]
    [InlineData("NUnit")]
    [InlineData("Microsoft.VisualStudio.TestTools")]
    public void Package_KnowsNoTestFramework(string framework) => Nothing(Types.InAssembly(typeof(JobHost).Assembly), framework);

    [Fact]
    public void Assertions_DoNotRunJobs() =>
        Nothing(
            Types.InAssembly(typeof(JobHost).Assembly).That().ResideInNamespace("Asdamir.Data.Testing.Assertions"),
            "Asdamir.Data.Testing.Running");

    private static void Nothing(Types types, string forbidden) =>
        Nothing(types.ShouldNot().HaveDependencyOn(forbidden).GetResult(), forbidden);

    private static void Nothing(PredicateList types, string forbidden) =>
        Nothing(types.ShouldNot().HaveDependencyOn(forbidden).GetResult(), forbidden);

    private static void Nothing(NetArchTest.Rules.TestResult result, string forbidden) =>
        Assert.True(result.IsSuccessful, $"They know {forbidden}: {string.Join(", ", result.FailingTypeNames ?? [])}");
}
