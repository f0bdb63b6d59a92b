namespace Chaos.Places;

/// <summary>A place whose server can be replaced by a standby.</summary>
internal interface IFailover
{
    /// <summary>Returns when the server waits for a standby at each commit.</summary>
    Task AddStandbyAsync();

    /// <summary>Kills the server, and makes the standby the primary.</summary>
    Task FailOverAsync();
}
