using Asdamir.Data.Storage.Sql;
using Hangfire.Common;
using Hangfire.Storage;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>A job that does not exist yet.</summary>
internal sealed class NewJob
{
    public required long CreatedAt { get; init; }

    public required long ExpireAt { get; init; }

    public required string Name { get; init; }

    public required InvocationData Invocation { get; init; }

    public required Dictionary<string, string?> Parameters { get; init; }

    public static NewJob Of(
        Job job, IDictionary<string, string?> parameters, DateTime createdAt, TimeSpan expireIn, Func<Job, string> nameOf) =>
        new()
        {
            CreatedAt = Micros.Of(createdAt.ToUniversalTime()),
            ExpireAt = Micros.After(expireIn),
            Name = StorableText.Of(nameOf(job)),
            Invocation = InvocationData.SerializeJob(job),
            Parameters = Storable(parameters),
        };

    private static Dictionary<string, string?> Storable(IDictionary<string, string?> parameters)
    {
        Dictionary<string, string?> storable = new(parameters.Count, StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
            storable[StorableText.Of(name)] = StorableText.OrNull(value);
        return storable;
    }
}
