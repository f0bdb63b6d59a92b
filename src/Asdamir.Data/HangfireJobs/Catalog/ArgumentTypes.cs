using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Numerics;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>What System.Text.Json does with types of the framework, where their contract does not show it.</summary>
internal static class ArgumentTypes
{
    private static readonly Type[] Unwritable =
    [
        typeof(MemberInfo), typeof(Assembly), typeof(Module), typeof(Delegate), typeof(Exception), typeof(Expression), typeof(Stream),
        typeof(Task),
        typeof(nint), typeof(nuint), typeof(CancellationToken), typeof(TimeZoneInfo), typeof(SerializationInfo), typeof(BigInteger),
    ];

    // They are written from the top, and read by adding from the bottom.
    private static readonly HashSet<Type> Reversed =
    [
        typeof(Stack), typeof(Stack<>), typeof(ConcurrentStack<>), typeof(ConcurrentBag<>), typeof(ImmutableStack<>),
        typeof(IImmutableStack<>),
    ];

    private static readonly HashSet<Type> Keys =
    [
        typeof(string), typeof(char), typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint),
        typeof(long), typeof(ulong),
        typeof(Int128), typeof(UInt128), typeof(Half), typeof(float), typeof(double), typeof(decimal), typeof(Guid), typeof(DateTime),
        typeof(DateTimeOffset),
        typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Uri), typeof(Version),
    ];

    /// <returns>What happens to a value of the type, and the fix; <see langword="null"/> when the contract decides.</returns>
    public static (string What, string Fix)? FaultOf(Type type) =>
        type == typeof(object) ? ("is declared as object, so that its type would be lost", "declare its real type, or JsonElement")
        : type == typeof(BigInteger) ? ("is not carried by JSON", "declare it as string")
        : type == typeof(TimeZoneInfo) ? ("is not carried by JSON", "declare it as string and pass the Id")
        : Array.Exists(Unwritable, unwritable => type.IsAssignableTo(unwritable))
            || type.IsPointer
            || type.IsByRefLike
            || IsAsynchronous(type)
            ? ("is not carried by JSON", "pass data that the job can find it by, such as an id")
        : type is { IsArray: true } && type.GetArrayRank() > 1
            ? ("has several dimensions, which JSON does not support", "declare it as an array of arrays")
        : BaseTypes(type).Any(IsReversed) ? ("arrives in reverse order", "declare it as an array or a List")
        : null;

    public static bool IsKey(Type type) => type.IsEnum || Keys.Contains(type);

    /// <summary>Whether members of the type are the framework's, so that only the whole can be judged.</summary>
    public static bool IsOfTheFramework(Type type) =>
        type.Assembly == typeof(object).Assembly
            || type.Namespace is { } name && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal));

    public static bool IsSimple(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var plain
            && (IsKey(plain) || plain == typeof(JsonElement) || plain == typeof(JsonDocument) || plain.IsAssignableTo(typeof(JsonNode)));

    public static IEnumerable<Type> BaseTypes(Type? type)
    {
        for (; type is not null; type = type.BaseType)
            yield return type;
    }

    private static bool IsAsynchronous(Type type) =>
        type.GetInterfaces().Append(type)
            .Any(static type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));

    private static bool IsReversed(Type type) => Reversed.Contains(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
}
