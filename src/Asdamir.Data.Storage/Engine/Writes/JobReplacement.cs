using System.Globalization;
using Asdamir.Data.Storage.Sql.Tables;

namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>
/// A new job whose arguments and time another job gets, which has its unique key and has not begun. What the new job would write about
/// itself is written about that one.
/// </summary>
/// <param name="New">The job that is not stored.</param>
/// <param name="JobId">The job that has the key.</param>
/// <param name="Held">That job as it is stored; <see langword="null"/> when the same commit creates it.</param>
/// <param name="Created">The same, when the same commit creates it.</param>
internal sealed record JobReplacement(JobWrite New, long JobId, HeldJob? Held, JobWrite? Created)
{
    public const string Reason = "Replaced by a later call";

    // Jobs that wait for the one that is replaced keep waiting for it.
    private const string Continuations = "Continuations";

    public string? Arguments => New.New!.Invocation.Arguments;

    public string Member => JobId.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether it stays where it is in this queue.</summary>
    public bool KeepsPlaceIn(string queue) => Held is { Place: not null } held && held.Queue == queue;

    /// <summary>What is written about the job that has the key.</summary>
    public JobWrite Write()
    {
        var write = Held is null
            ? new JobWrite(JobId) { New = New.New!.As(Created!.New!, Parameters(Created.New!.Parameters)) }
            : new JobWrite(JobId)
            {
                Row = Held.Row,
                ExpectedVersion = Held.Row.Version,
                ReplacesParameters = Held.Row.HasBrokenParameters,
            };
        foreach (var state in New.History)
        {
            if (!ReferenceEquals(state, New.State))
                write.Note(state);
            else
                write.Enter(Held is null ? state : state with { Reason = Reason });
        }
        if (New.Expiry == ExpiryChange.At)
            write.Expire(New.ExpireAt);
        else if (New.Expiry == ExpiryChange.Never)
            write.Persist();
        if (Held is not null)
        {
            foreach (var (name, value) in Parameters([]))
                write.Set(name, value);
        }
        else if (Created!.Parameters?.GetValueOrDefault(Continuations) is { } list)
            write.Set(Continuations, list);
        return write;
    }

    private Dictionary<string, string?> Parameters(Dictionary<string, string?> former)
    {
        Dictionary<string, string?> all = new(former);
        foreach (var (name, value) in New.New!.Parameters.Concat(New.Parameters ?? []))
        {
            if (name is not (Continuations or JobPriority.Parameter or JobFairness.Parameter or JobLimits.Parameter))
                all[name] = value;
        }
        return all;
    }
}
