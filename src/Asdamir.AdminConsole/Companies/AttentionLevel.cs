namespace Asdamir.AdminConsole.Companies;

/// <summary>How much an app needs attention; more is worse.</summary>
public enum AttentionLevel
{
    /// <summary>Its process died within the last hour, and another one runs.</summary>
    Restarted,

    /// <summary>One of its servers is silent, and others run.</summary>
    Silent,

    /// <summary>An occurrence of one of its recurring jobs is due and has not begun.</summary>
    Late,

    /// <summary>No server of it runs, and the last one was not stopped.</summary>
    Down,

    /// <summary>Jobs wait, and no server runs.</summary>
    Unserved,
}
