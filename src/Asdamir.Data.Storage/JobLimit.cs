namespace Asdamir.Data.Storage;

/// <summary>A limit under which a job is executed.</summary>
/// <param name="Name">The name of the limit, within the queue of the job. Names are compared by their characters.</param>
/// <param name="Key">
/// Whose jobs are counted together, such as a tenant; <see langword="null"/> or empty for all jobs of the limit without a key.
/// </param>
public sealed record JobLimit(string Name, string? Key);
