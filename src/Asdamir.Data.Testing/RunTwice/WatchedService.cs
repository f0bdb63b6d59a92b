using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Asdamir.Data.Testing.RunTwice;

/// <summary>
/// A service of a job behind its interface, whose awaited calls pass the gate of the attempt. Other members are only passed on.
/// </summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "A proxy derives from it.")]
internal class WatchedService : DispatchProxy
{
    private object _service = null!;
    private EffectGate _gate = null!;
    private string _name = null!;

    /// <summary>Whether calls of the interface are awaited.</summary>
    public static bool Wraps(Type type) =>
        type.IsInterface
        && type.GetInterfaces().Prepend(type).SelectMany(static part => part.GetMethods())
            .Any(static method => AwaitedCalls.Of(method) is not null);

    /// <param name="type">The interface.</param>
    /// <param name="service">The service.</param>
    /// <param name="gate">The gate of the attempt.</param>
    public static object Wrap(Type type, object service, EffectGate gate)
    {
        var wrapped = (WatchedService)Create(type, typeof(WatchedService));
        wrapped._service = service;
        wrapped._gate = gate;
        wrapped._name = NameOf(type);
        return wrapped;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        return AwaitedCalls.Of(targetMethod) is { } awaited ? awaited(Call, _gate, $"{_name}.{targetMethod.Name}") : Call();

        object? Call() => targetMethod.Invoke(_service, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
    }

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GenericTypeArguments.Select(NameOf))}>"
        : type.Name;
}
