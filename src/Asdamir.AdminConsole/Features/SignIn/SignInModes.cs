using Asdamir.AdminConsole.Companies;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>All ways to sign in. A new one is a class and an entry here.</summary>
internal static class SignInModes
{
    // The first that is configured is used. Local accounts need no configuration.
    private static readonly Entry[] All =
    [
        new(OpenIdConnectSignIn.IsConfigured, OpenIdConnectSignIn.FaultsOf, OpenIdConnectSignIn.Add),
        new(static _ => true, static (_, _) => [], LocalSignIn.Add),
    ];

    /// <summary>What is wrong with the settings of the selected mode.</summary>
    public static IEnumerable<string> FaultsOf(SignInOptions options, IReadOnlyList<CompanyOptions> companies) =>
        Of(options).FaultsOf(options, companies);

    /// <summary>Registers the selected mode.</summary>
    public static void Add(IServiceCollection services, SignInOptions options) => Of(options).Add(services);

    private static Entry Of(SignInOptions options) => Array.Find(All, entry => entry.IsConfigured(options))!;

    private sealed record Entry(
        Func<SignInOptions, bool> IsConfigured, Func<SignInOptions, IReadOnlyList<CompanyOptions>, IEnumerable<string>> FaultsOf,
        Action<IServiceCollection> Add);
}
