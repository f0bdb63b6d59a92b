namespace Chaos.Processes;

/// <summary>One process, from its start to its end.</summary>
internal sealed class Life(string name, string app, string role)
{
    /// <summary>Also the name of its ledger.</summary>
    public string Name => name;

    public string App => app;

    public string Role => role;

    public DateTime? Ended { get; set; }
}
