using System.Reflection;
using System.Reflection.Emit;
using Hangfire.Common;

namespace Asdamir.Data.Storage.Conformance;

/// <summary>Jobs to be stored and read; none is executed.</summary>
public static class SampleJobs
{
    private static readonly Lazy<MethodInfo> Unloadable = new(DefineUnloadable);

    public static Job Text(string text) => Job.FromExpression(() => Take(text));

    public static Job Text(string text, string queue) => Job.FromExpression(() => Take(text), queue);

    public static Job Several(int number, DateTime time, string? text) => Job.FromExpression(() => TakeSeveral(number, time, text));

    /// <summary>A job of a class that cannot be found again by its name, as after a rename.</summary>
    public static Job OfUnknownClass() => new(Unloadable.Value.DeclaringType, Unloadable.Value);

    public static void Take(string text)
    {
    }

    public static void TakeSeveral(int number, DateTime time, string? text)
    {
    }

    private static MethodInfo DefineUnloadable()
    {
        var type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Renamed"), AssemblyBuilderAccess.Run)
            .DefineDynamicModule("Renamed")
            .DefineType("Renamed.OldJob", TypeAttributes.Public);
        type.DefineMethod("Run", MethodAttributes.Public | MethodAttributes.Static).GetILGenerator().Emit(OpCodes.Ret);
        return type.CreateType().GetMethod("Run")!;
    }
}
