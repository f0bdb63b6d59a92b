using System.Reflection;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Kit;

/// <summary>
/// Finds the places of an assembly where a culture decides how texts sort or which are equal. The analyzers see most calls on strings;
/// nothing but the compiled code shows a default comparer behind a tuple, an anonymous type or a sorted collection.
/// </summary>
public static class CultureBoundCalls
{
    private static readonly string[] Sorted =
    [
        "System.Collections.Generic.SortedDictionary`2", "System.Collections.Generic.SortedSet`1",
        "System.Collections.Generic.SortedList`2",
        "System.Collections.Generic.PriorityQueue`2", "System.Collections.Generic.Comparer`1", "System.Collections.Generic.List`1",
    ];

    private static readonly string[] SortingMethods =
    [
        "Order", "OrderDescending", "OrderBy", "OrderByDescending", "ThenBy", "ThenByDescending", "Min", "Max", "MinBy", "MaxBy",
        "Sort", "BinarySearch", "ToImmutableSortedDictionary", "ToImmutableSortedSet",
    ];

    private static readonly string[] StringMethods =
    [
        "Compare", "CompareTo", "StartsWith", "EndsWith", "IndexOf", "LastIndexOf", "ToUpper", "ToLower", "Replace"
    ];

    public static IReadOnlyList<string> Of(Assembly assembly, string? within = null)
    {
        using var module = ModuleDefinition.ReadModule(assembly.Location);
        return [.. module.GetTypes()
            .Where(type => within is null || type.FullName.StartsWith(within, StringComparison.Ordinal))
            .SelectMany(static type => type.Methods)
            .Where(static method => method.HasBody)
            .SelectMany(static method => method.Body.Instructions
                .Where(static instruction => instruction.Operand is MethodReference called && IsBound(called, instruction.Previous))
                .Select(
                    instruction => $"{method.DeclaringType.FullName}.{method.Name}: {((MethodReference)instruction.Operand).FullName}"))];
    }

    private static bool IsBound(MethodReference called, Instruction? before) => called.DeclaringType.GetElementType().FullName switch
    {
        "System.String" => StringMethods.Contains(called.Name) && IsBoundOnString(called, before),
        "System.StringComparer" => called.Name is "get_CurrentCulture" or "get_CurrentCultureIgnoreCase" or "get_InvariantCulture" or "get_InvariantCultureIgnoreCase",
        "System.Globalization.CompareInfo" => true,
        "System.Linq.Enumerable" or "System.Array" or "System.MemoryExtensions" or "System.Collections.Immutable.ImmutableSortedSet" =>
            SortingMethods.Contains(called.Name) && !TakesComparer(called) && called is GenericInstanceMethod generic
                && HoldsText(SortKey(generic)),
        var type when Sorted.Contains(type) =>
            (called.Name is ".ctor" or "get_Default" || SortingMethods.Contains(called.Name)) && IsBoundOnCollection(called),
        var type when type.StartsWith("System.ValueTuple`", StringComparison.Ordinal) || type == "System.Tuple"
            || type.StartsWith("System.IComparable", StringComparison.Ordinal) =>
            called.Name == "CompareTo" && HoldsText(called.DeclaringType),
        _ => false,
    };

    // Of IndexOf and its like those with a char are ordinal, and so is Replace without a comparison.
    private static bool IsBoundOnString(MethodReference called, Instruction? before)
    {
        var parameters = called.Parameters.Select(static parameter => parameter.ParameterType.FullName).ToList();
        if (parameters is [.., "System.StringComparison"])
            return Constant(before) is >= 0 and < 4;
        return called.Name switch
        {
            "Replace" => parameters.Contains("System.Globalization.CultureInfo"),
            "ToUpper" or "ToLower" or "CompareTo" or "Compare" => true,
            _ => parameters[0] == "System.String",
        };
    }

    // Lists sort without a comparer; collections that are always sorted get it when they are created.
    private static bool IsBoundOnCollection(MethodReference called) =>
        called.DeclaringType is GenericInstanceType type
        && HoldsText(type.GenericArguments[type.ElementType.Name == "PriorityQueue`2" ? 1 : 0])
        && !TakesComparer(called)
        && (type.ElementType.Name != "List`1" || called.Name != ".ctor");

    // What is sorted by: what a selector returns, else the items themselves.
    private static TypeReference SortKey(GenericInstanceMethod called)
    {
        var selector = called.Parameters.Select(static parameter => parameter.ParameterType).OfType<GenericInstanceType>()
            .FirstOrDefault(static type => type.Name == "Func`2");
        return selector is null ? called.GenericArguments[0]
            : selector.GenericArguments[1] is GenericParameter parameter ? called.GenericArguments[parameter.Position]
            : selector.GenericArguments[1];
    }

    private static bool TakesComparer(MethodReference called) =>
        called.Parameters.Any(static parameter => parameter.ParameterType.Name is "IComparer`1" or "IComparer" or "Comparison`1");

    private static bool HoldsText(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.ElementType.FullName is var name
            && (name.StartsWith("System.ValueTuple`", StringComparison.Ordinal)
                || name.StartsWith("System.Tuple`", StringComparison.Ordinal)
                || name.StartsWith("System.IComparable`", StringComparison.Ordinal))
            && generic.GenericArguments.Any(HoldsText),
        _ => type.FullName == "System.String",
    };

    private static int? Constant(Instruction? instruction) => instruction?.OpCode.Code switch
    {
        Code.Ldc_I4_0 => 0,
        Code.Ldc_I4_1 => 1,
        Code.Ldc_I4_2 => 2,
        Code.Ldc_I4_3 => 3,
        Code.Ldc_I4_4 => 4,
        Code.Ldc_I4_5 => 5,
        _ => null,
    };
}
