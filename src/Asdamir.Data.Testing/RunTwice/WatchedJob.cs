using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Testing.RunTwice;

/// <summary>Creates the jobs of one type with services that pass the gate of the attempt.</summary>
internal sealed class WatchedJob
{
    /// <summary>The gate of the attempt that begins next.</summary>
    public EffectGate Gate { get; set; } = new(endAfter: null);

    /// <summary>Replaces the registration of a job type. What the app registered for it still decides how a job is created.</summary>
    public static void Add(IServiceCollection services, Type jobType)
    {
        var watched = new WatchedJob();
        services.AddSingleton(watched);
        if (services.LastOrDefault(service => service.ServiceType == jobType && !service.IsKeyedService) is not { } registered)
            return;
        // Also that of a singleton is created again: it ends with its process.
        services.AddTransient(jobType, provider => watched.Create(registered, provider));
    }

    private object Create(ServiceDescriptor registered, IServiceProvider provider)
    {
        var services = new WatchedServices(provider, Gate);
        return registered.ImplementationInstance
            ?? registered.ImplementationFactory?.Invoke(services)
            ?? ActivatorUtilities.CreateInstance(services, registered.ImplementationType!);
    }
}
