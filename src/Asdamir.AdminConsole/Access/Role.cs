namespace Asdamir.AdminConsole.Access;

/// <summary>What a user may do in a company.</summary>
internal enum Role
{
    /// <summary>Nothing: the company does not exist for them.</summary>
    None,

    /// <summary>See.</summary>
    Viewer,

    /// <summary>See and act.</summary>
    Operator,
}
