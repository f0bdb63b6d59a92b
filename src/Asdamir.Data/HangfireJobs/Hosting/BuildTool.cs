using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Detects a tool that builds, and perhaps starts, the host only to read its services or routes. The tool that
/// writes OpenAPI documents during a build starts all hosted services, with a server that listens nowhere.
/// </summary>
internal static class BuildTool
{
    public static bool Runs(IServiceProvider services) => services.GetService<IServer>()?.GetType().Name == "NoopServer";
}
