using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Shell.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Asdamir.AdminConsole.Shell;

/// <summary>Connects the addresses of <see cref="PageMap"/> with what a feature shows and does there.</summary>
/// <param name="site">For addresses that belong to no company.</param>
/// <param name="company">For addresses of a company: the role is checked before.</param>
/// <param name="acting">For what changes something: only operators, and only with a token of this session.</param>
internal sealed class FeatureRoutes(
    IEndpointRouteBuilder site, RouteGroupBuilder company, RouteGroupBuilder acting, Navigation navigation, ConsoleActions actions)
{
    public IEndpointRouteBuilder Site { get; } = site;

    /// <param name="title">The title in the navigation, in the language of the request.</param>
    public void Page<TPage>(ConsolePage page, Func<string> title) where TPage : IComponent
    {
        company.MapGet(
            page.Path.Length == 0 ? "/" : page.Path,
            static (HttpContext http) => new RazorComponentResult<TPage>().ExecuteAsync(http));
        navigation.Add(page, title);
    }

    /// <param name="fragment">What is shown live; <see langword="null"/> where there is nothing of that address.</param>
    public void Live(ConsolePage page, Func<HttpContext, RequestContext, LiveFragment?> fragment) =>
        company.MapGet(page.LivePath, (HttpContext http) =>
            fragment(http, http.RequestServices.GetRequiredService<RequestContext>()) is { } found
                ? LiveStream.SendAsync(http, found)
                : Message.NotFound(http));

    /// <param name="suffix">What follows the page's own address.</param>
    public void File(ConsolePage page, string suffix, Delegate handler) => company.MapGet(page.Path + suffix, handler);

    /// <param name="kinds">What can be done there.</param>
    public void Action(ConsolePage page, Delegate handler, params IEnumerable<ConsoleAction> kinds)
    {
        acting.MapPost(page.ActionPath, handler);
        foreach (var kind in kinds)
            actions.Add(kind);
    }
}
