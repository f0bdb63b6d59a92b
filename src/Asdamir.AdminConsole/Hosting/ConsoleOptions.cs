using Asdamir.AdminConsole.Companies;
using Asdamir.AdminConsole.Features.SignIn;

namespace Asdamir.AdminConsole.Hosting;

/// <summary>The settings of the console, at the root of its configuration.</summary>
internal sealed class ConsoleOptions
{
    /// <summary>The companies. At least one is required.</summary>
    public List<CompanyOptions> Companies { get; } = [];

    /// <summary>
    /// Where accounts, the audit and the keys of the sessions are kept; created when missing. A relative path starts at the content
    /// root. The default value is <c>data</c>.
    /// </summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>
    /// Names in arguments and outputs whose values are not shown, in addition to those that are always masked, separated by commas. Upper
    /// and lower case do not matter. The default value is empty.
    /// </summary>
    public string MaskedKeys { get; set; } = "";

    /// <summary>How people sign in.</summary>
    public SignInOptions SignIn { get; } = new();
}
