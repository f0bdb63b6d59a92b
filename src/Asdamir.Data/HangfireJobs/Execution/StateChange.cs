using Hangfire.States;
using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>A change of state as the dispatcher wants it.</summary>
/// <param name="State">The state that filters may replace.</param>
/// <param name="ExpectedStates">The states that the job may have before; in any other it is left alone.</param>
internal sealed record StateChange(IState State, IReadOnlyList<string> ExpectedStates)
{
    /// <summary>What the filters around the execution left for those that elect the state.</summary>
    public IReadOnlyDictionary<string, object>? CustomData { get; init; }

    /// <summary>The claim that ends with the change.</summary>
    public IFetchedJob? Completed { get; init; }

    public bool IsWithoutFilters { get; init; }
}
