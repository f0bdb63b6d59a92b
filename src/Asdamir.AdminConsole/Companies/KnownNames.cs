namespace Asdamir.AdminConsole.Companies;

/// <summary>Names of job types and queues, to suggest them and to accept them in other case.</summary>
public sealed record KnownNames(IReadOnlyList<string> JobTypes, IReadOnlyList<string> Queues)
{
    public static KnownNames None { get; } = new([], []);

    /// <returns>The job type of that name, or the name itself when it is not known.</returns>
    public string? JobTypeOf(string? name) => Find(JobTypes, name);

    /// <returns>The queue of that name, or the name itself when it is not known.</returns>
    public string? QueueOf(string? name) => Find(Queues, name);

    private static string? Find(IReadOnlyList<string> known, string? name) =>
        name is null || known.Contains(name, StringComparer.Ordinal)
            ? name
            : known.FirstOrDefault(one => one.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;
}
