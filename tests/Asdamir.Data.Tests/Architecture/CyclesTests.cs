using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.Loader;
using Asdamir.Data.HangfireJobs;
using Hangfire;

namespace Asdamir.Data.Tests.Architecture;

/// <summary>Rooms do not depend on each other in a circle.</summary>
public sealed class CyclesTests
{
    [Fact]
    public void Rooms_HaveNoCycles_InAsdamirData()
    {
        var architecture = new ArchLoader().LoadAssemblies(typeof(IJob).Assembly).Build();
        var rooms = SliceRuleDefinition.Slices().Matching("Asdamir.Data.HangfireJobs.(*)");
        Assert.Contains(rooms.GetObjects(architecture), static room => room.Identifier.Identifier == "Execution");

        Assert.All(rooms.Should().BeFreeOfCycles().Evaluate(architecture), static result => Assert.True(result.Passed, result.Description));
    }

    [Fact]
    public void Cycles_AreSeen_WhereTheyExist()
    {
        var architecture = new ArchLoader().LoadAssemblies(typeof(JobStorage).Assembly).Build();

        Assert.Contains(
            SliceRuleDefinition.Slices().Matching("Hangfire.(*)").Should().BeFreeOfCycles().Evaluate(architecture),
            static result => !result.Passed);
    }
}
