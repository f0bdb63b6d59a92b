namespace Asdamir.Data.Storage.Engine.Writes;

/// <summary>A workflow that does not exist yet. Its jobs are created in the same commit.</summary>
internal sealed class NewWorkflow(long id, string queue, string name, long createdAt)
{
    public long Id => id;

    public string Queue => queue;

    public string Name => name;

    public long CreatedAt => createdAt;

    /// <summary>The job that begins when nothing of it runs any more; not a member.</summary>
    public long? OnFinished { get; set; }

    /// <summary>Each with the number of jobs before it.</summary>
    public List<(long JobId, long Open)> Members { get; } = [];

    public List<(long Parent, long Child, long MetBy)> Edges { get; } = [];

    public long Waiting => Members.Count(static member => member.Open > 0);
}
