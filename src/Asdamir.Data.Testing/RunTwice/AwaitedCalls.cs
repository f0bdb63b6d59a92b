using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Asdamir.Data.Testing.RunTwice;

/// <summary>Calls of methods whose end is awaited: they pass the gate before they begin, and after they have succeeded.</summary>
internal static class AwaitedCalls
{
    private static readonly ConcurrentDictionary<Type, AwaitedCall?> Known = [];

    /// <summary>Makes a call.</summary>
    /// <param name="call">Makes the call itself.</param>
    /// <param name="gate">The gate of the attempt.</param>
    /// <param name="effect">The name of the call.</param>
    /// <returns>What the method returns.</returns>
    public delegate object AwaitedCall(Func<object?> call, EffectGate gate, string effect);

    /// <returns><see langword="null"/> when what the method returns is not awaited.</returns>
    public static AwaitedCall? Of(MethodInfo method) => method.IsSpecialName ? null : Known.GetOrAdd(method.ReturnType, Create);

    private static AwaitedCall? Create(Type returned)
    {
        if (returned == typeof(Task))
            return TaskAsync;
        if (returned == typeof(ValueTask))
            return static (call, gate, effect) => new ValueTask(TaskAsync(() => ((ValueTask)call()!).AsTask(), gate, effect));
        if (!returned.IsGenericType)
            return null;
        var type = returned.GetGenericTypeDefinition();
        var name = type == typeof(Task<>) ? nameof(TaskOfAsync)
            : type == typeof(ValueTask<>) ? nameof(ValueTaskOf)
            : type == typeof(IAsyncEnumerable<>) ? nameof(StreamOf)
            : null;
        return name is null
            ? null
            : typeof(AwaitedCalls).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(returned.GenericTypeArguments).CreateDelegate<AwaitedCall>();
    }

    private static async Task TaskAsync(Func<object?> call, EffectGate gate, string effect)
    {
        await gate.EnterAsync().ConfigureAwait(false);
        await ((Task)call()!).ConfigureAwait(false);
        await gate.PassAsync(effect).ConfigureAwait(false);
    }

    private static async Task<T> TaskOfAsync<T>(Func<object?> call, EffectGate gate, string effect)
    {
        await gate.EnterAsync().ConfigureAwait(false);
        var result = await ((Task<T>)call()!).ConfigureAwait(false);
        await gate.PassAsync(effect).ConfigureAwait(false);
        return result;
    }

    [SuppressMessage("Performance", "CA1859:Use concrete types", Justification = "A delegate that returns an object is made of it.")]
    private static object ValueTaskOf<T>(Func<object?> call, EffectGate gate, string effect) =>
        new ValueTask<T>(TaskOfAsync<T>(() => ((ValueTask<T>)call()!).AsTask(), gate, effect));

    // A stream has its effect when its last element was read.
    private static IAsyncEnumerable<T> StreamOf<T>(Func<object?> call, EffectGate gate, string effect) =>
        StreamAsync<T>(call, gate, effect, CancellationToken.None);

    private static async IAsyncEnumerable<T> StreamAsync<T>(
        Func<object?> call, EffectGate gate, string effect, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await gate.EnterAsync().ConfigureAwait(false);
        await foreach (var element in ((IAsyncEnumerable<T>)call()!).WithCancellation(cancellationToken).ConfigureAwait(false))
            yield return element;
        await gate.PassAsync(effect).ConfigureAwait(false);
    }
}
