using Asdamir.Data.HangfireJobs;
using NetArchTest.Rules;

namespace Asdamir.Data.Tests.Architecture;

public sealed class DependenciesTests
{
    private const string Root = "Asdamir.Data.HangfireJobs";

    [Fact]
    public void Isolation_KnowsNothingOfHangfire_AsItIsPure() => AssertNone($"{Root}.Isolation", "Hangfire");

    [Fact]
    public void Library_UsesNoStaticsOfHangfire_ThatTieItToOneHost() =>
        AssertNone(Root, "Hangfire.GlobalConfiguration", "Hangfire.RecurringJob", "Hangfire.GlobalJobFilters");

    private static void AssertNone(string room, params string[] others)
    {
        var types = Types.InAssembly(typeof(IJob).Assembly).That().ResideInNamespaceStartingWith(room);
        Assert.NotEmpty(types.GetTypes());

        var result = types.ShouldNot().HaveDependencyOnAny(others).GetResult();

        Assert.True(result.IsSuccessful, $"These use {string.Join(" or ", others)}: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }
}
