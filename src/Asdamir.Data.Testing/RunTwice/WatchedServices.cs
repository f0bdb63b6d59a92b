using Microsoft.Extensions.DependencyInjection;

namespace Asdamir.Data.Testing.RunTwice;

/// <summary>The services of an attempt, as the constructor of its job gets them: interfaces with awaited calls are wrapped.</summary>
internal sealed class WatchedServices(IServiceProvider services, EffectGate gate) : IKeyedServiceProvider
{
    public object? GetService(Type serviceType) =>
        serviceType == typeof(IServiceProvider) ? this : Watched(serviceType, services.GetService(serviceType));

    public object? GetKeyedService(Type serviceType, object? serviceKey) =>
        Watched(serviceType, ((IKeyedServiceProvider)services).GetKeyedService(serviceType, serviceKey));

    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) =>
        Watched(serviceType, ((IKeyedServiceProvider)services).GetRequiredKeyedService(serviceType, serviceKey))!;

    private object? Watched(Type type, object? service)
    {
        if (service is null)
            return null;
        if (service is Array all && type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>))
            return WatchedAll(type.GenericTypeArguments[0], all);
        return WatchedService.Wraps(type) ? WatchedService.Wrap(type, service, gate) : service;
    }

    private Array WatchedAll(Type type, Array all)
    {
        var watched = Array.CreateInstance(type, all.Length);
        for (var index = 0; index < all.Length; index++)
            watched.SetValue(Watched(type, all.GetValue(index)), index);
        return watched;
    }
}
