namespace IsolationUnderLoad;

/// <summary>How much of the machine app A may take.</summary>
internal sealed record Setting(string Name, int Workers, int Niceness);
