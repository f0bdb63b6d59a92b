namespace InFlight;

/// <summary>What a process takes.</summary>
internal sealed record Figures(int Waiting, int Threads, double Megabytes, double Processor, long Connections);
