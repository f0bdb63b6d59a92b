using Hangfire;

namespace Asdamir.Data.Storage.Tests.Storages;

/// <summary>
/// A storage as the suite sees it: how it is opened, and what it does differently from the contract, each with the reason.
/// A difference is no excuse: the suite then proves the different behaviour.
/// </summary>
public sealed partial class StorageUnderTest(string name, Func<Place, JobStorage> open)
{
    /// <summary>Hangfire derives this feature's name from the type of the fetched job.</summary>
    public const string TransactionalAcknowledge = "TransactionalAcknowledge";

    /// <summary>What the storage does differently, and why.</summary>
    public Dictionary<Difference, string> Differences { get; } = [];

    /// <summary>The optional features (<see cref="Hangfire.Storage.JobStorageFeatures"/>) the storage lacks, and why.</summary>
    public Dictionary<string, string> MissingFeatures { get; } = [];

    /// <summary>The optional features the storage has but denies when asked, and why.</summary>
    public Dictionary<string, string> UnannouncedFeatures { get; } = [];

    public JobStorage Open(Place place) => open(place);

    public override string ToString() => name;
}
