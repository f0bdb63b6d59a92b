using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Leases;

/// <summary>What one look at the leases says.</summary>
/// <param name="Over">The leases that have ended, provided that their rows stay unchanged.</param>
/// <param name="LookAgainIn">When the next look could end a lease whose lock is free; <see langword="null"/> without one.</param>
internal sealed record LeaseVerdict(IReadOnlyList<LeaseRow> Over, TimeSpan? LookAgainIn);
