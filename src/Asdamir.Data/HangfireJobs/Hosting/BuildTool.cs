using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Whether the host was built, and perhaps started, by a tool that only wants to know its services or its routes. The one that
/// writes OpenAPI documents during a build starts all hosted services, with a server that listens nowhere.
/// </summary>
internal static class BuildTool
{
    public static bool Runs(IServiceProvider services) => services.GetService<IServer>()?.GetType().Name == "NoopServer";
}
