namespace Kit;

/// <summary>What happens to a request on its way to the database.</summary>
public enum Fault
{
    None,

    /// <summary>The connection breaks before the server sees the request.</summary>
    LoseRequest,

    /// <summary>The server carries the request out, and the connection breaks before its answer arrives.</summary>
    LoseAnswer,

    /// <summary>The server carries the request out, and the connection breaks just before the end of its answer.</summary>
    CutAnswer,

    /// <summary>The server carries the request out, and its answer is nonsense, which the driver complains of in its own way.</summary>
    GarbleAnswer,

    /// <summary>The server carries the request out, and its answer never arrives on a connection that stays open.</summary>
    HangAnswer,
}
