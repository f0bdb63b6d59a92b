namespace Asdamir.AdminConsole.Companies;

/// <summary>A company: one entry of <c>Companies</c> in the configuration.</summary>
internal sealed class CompanyOptions
{
    /// <summary>Its short name in addresses: 1 to 32 lowercase letters, digits and <c>-</c>. Required.</summary>
    public string Code { get; set; } = "";

    /// <summary>Its name for people. The default value is the code.</summary>
    public string Name { get; set; } = "";

    /// <summary>Where its jobs are stored.</summary>
    public CompanyStorageOptions Storage { get; } = new();

    /// <summary>
    /// Groups of the OpenID Connect provider whose members may see this company, separated by commas. The default value is empty: none.
    /// </summary>
    public string Viewers { get; set; } = "";

    /// <summary>Groups whose members may see and act, separated by commas. The default value is empty: none.</summary>
    public string Operators { get; set; } = "";
}
