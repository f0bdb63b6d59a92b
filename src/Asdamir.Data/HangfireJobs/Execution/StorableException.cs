using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text;
using Hangfire.Server;

namespace Asdamir.Data.HangfireJobs.Execution;

/// <summary>
/// Replaces an exception that Hangfire or the storage could not handle. Such an exception would cost the job its
/// retries, leave it Processing, or end the process.
/// </summary>
internal static class StorableException
{
    // Formatting an exception recurses into its inner ones: a chain of some ten thousand overflows the stack.
    private const int MaxDepth = 100;
    private const int MaxExceptions = 1_000;
    private const int MaxDescribed = 5;

    private static readonly ConditionalWeakTable<Exception, Exception> Originals = [];

    /// <summary>The exception itself, unless it cannot be stored; then one with the same type, message and stack trace as text.</summary>
    public static Exception Of(Exception exception)
    {
        if (IsStorable(exception))
            return exception;
        var standIn = new JobFailedException(Describe(exception));
        if (Try(() => exception.StackTrace) is { Length: > 0 } stackTrace)
            ExceptionDispatchInfo.SetRemoteStackTrace(standIn, StorableText.Of(stackTrace));
        Originals.Add(standIn, exception);
        return standIn;
    }

    /// <summary>The exception that <see cref="Of"/> replaced, or the exception itself.</summary>
    public static Exception OriginalOf(Exception exception) => Originals.TryGetValue(exception, out var original) ? original : exception;

    private static bool IsStorable(Exception exception)
    {
        // Hangfire treats this one as its own signal that the job's state has changed, and stores nothing.
        if (exception is JobAbortedException)
            return false;
        try
        {
            return exception.Message is not null && AreReadable(exception) && StorableText.IsStorable(exception.ToString());
        }
        catch (Exception)
        {
            return false;
        }
    }

    // Without recursion.
    private static bool AreReadable(Exception root)
    {
        Stack<(Exception Exception, int Depth)> rest = new([(root, 1)]);
        for (var seen = 1; rest.TryPop(out var next); seen++)
        {
            var (exception, depth) = next;
            if (depth > MaxDepth || seen > MaxExceptions || exception.Data is null || !StorableText.IsStorable(exception.Message ?? ""))
                return false;
            if (exception is AggregateException aggregate)
            {
                foreach (var inner in aggregate.InnerExceptions)
                    rest.Push((inner, depth + 1));
            }
            else if (exception.InnerException is { } inner)
            {
                rest.Push((inner, depth + 1));
            }
        }
        return true;
    }

    private static string Describe(Exception exception)
    {
        StringBuilder text = new();
        var described = 0;
        for (var next = exception; next is not null; next = next.InnerException)
        {
            if (described++ == MaxDescribed)
            {
                text.Append(" ---> …");
                break;
            }
            text.Append(described == 1 ? "" : " ---> ").Append(next.GetType().FullName).Append(": ")
                .Append(Try(() => next.Message) ?? "(no message)");
        }
        return StorableText.Of(text.ToString());
    }

    private static string? Try(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (Exception)
        {
            return null;
        }
    }
}
