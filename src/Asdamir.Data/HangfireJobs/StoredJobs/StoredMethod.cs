using Hangfire.Storage;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>The display name of a stored job that is not an envelope: the names in the row, as truncated text.</summary>
internal static class StoredMethod
{
    /// <summary>The longest permitted name of a job type.</summary>
    public const int LongestName = 100;

    private const int LongestArguments = 4_000;

    /// <returns>Class and method, as in <c>Mailer.Send</c>.</returns>
    public static string NameOf(InvocationData stored) => $"{Cut(ClassOf(stored.Type), LongestName)}.{MethodOf(stored)}";

    public static string MethodOf(InvocationData stored) => Cut(stored.Method ?? "(none)", LongestName);

    /// <returns>The class with its namespace.</returns>
    public static string TypeOf(InvocationData stored) => Cut(Head(stored.Type).ToString(), LongestName);

    /// <summary>Hangfire's JSON of the arguments.</summary>
    public static string? ArgumentsOf(InvocationData stored) =>
        stored.Arguments is { Length: > 2 } arguments ? Cut(arguments, LongestArguments) : null;

    public static string Cut(string text, int longest) => text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest), "…");

    // Without namespace, outer classes, arguments of a generic type, and assembly.
    private static string ClassOf(string? type)
    {
        var name = Head(type);
        return name[(name.LastIndexOfAny('.', '+') + 1)..].ToString();
    }

    private static ReadOnlySpan<char> Head(string? type)
    {
        var name = (type ?? "(none)").AsSpan();
        return name.IndexOfAny(',', '[') is var end and > 0 ? name[..end] : name;
    }
}
