using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Asdamir.Data.Storage;

/// <summary>
/// Keys of jobs. A key is a parameter of a job that is set when the job is created; <see cref="SqliteJobStorage"/> and
/// <see cref="PostgreSqlJobStorage"/> decide by it whether the job is stored. Keys are compared by their characters.
/// </summary>
/// <remarks>
/// A unique key belongs to its job from the commit that creates it to the one in which the job succeeds, fails for good or is deleted.
/// An idempotency key stays taken for a time, whatever becomes of the job.
/// </remarks>
public static class JobKeys
{
    /// <summary>The parameter of a job with its unique key.</summary>
    public const string UniqueParameter = "UniqueKey";

    /// <summary>The parameter of a job with its idempotency key.</summary>
    public const string IdempotencyParameter = "IdempotencyKey";

    /// <summary>The field of a recurring job with the unique key of the jobs that it creates.</summary>
    public const string RecurringField = "Asdamir.UniqueKey";

    /// <summary>
    /// The parameter of a new job that replaces the one that has its unique key: when that has not begun, it gets the arguments, the
    /// parameters and the time of the new one. Any value says so, and it is not stored.
    /// </summary>
    public const string ReplaceParameter = "ReplacesJobOfKey";

    /// <summary>The most characters of a key.</summary>
    public const int MaxLength = 400;

    private const char Separator = '\n';

    // A row stays for this time, and a call may name any key.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>The value of <see cref="UniqueParameter"/>.</summary>
    /// <param name="scope">Where the key is unique, such as the app and the job type; one line.</param>
    /// <param name="key">The key.</param>
    /// <exception cref="ArgumentException">The scope or the key is invalid.</exception>
    public static string Unique(string scope, string key) => $"{Checked(scope)}{Separator}{CheckedKey(key)}";

    /// <summary>The value of <see cref="IdempotencyParameter"/>.</summary>
    /// <param name="scope">Where the key is known, such as the app and the job type; one line.</param>
    /// <param name="key">The key.</param>
    /// <param name="validFor">How long it stays taken, from the creation of the job; more than zero, and at most ten years.</param>
    /// <exception cref="ArgumentException">The scope, the key or the time is invalid.</exception>
    public static string Idempotent(string scope, string key, TimeSpan validFor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(validFor, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(validFor, Longest);
        var seconds = ((long)Math.Ceiling(validFor.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return $"{Checked(scope)}{Separator}{seconds}{Separator}{CheckedKey(key)}";
    }

    /// <summary>What is wrong with a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The end of a sentence with its fix; <see langword="null"/> for a valid key.</returns>
    public static string? FaultOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Length == 0 ? "is empty. Fix: use a text that names what the job is about."
            : key.Length > MaxLength ? $"has {key.Length} characters, and {MaxLength} are allowed. Fix: use a shorter text, such as a hash."
            : key.Contains('\0', StringComparison.Ordinal) ? "contains a NUL character, which no database stores. Fix: remove it."
            : HasLoneSurrogate(key) ? "contains half of a surrogate pair, which no database stores. Fix: cut no text within a character."
            : null;
    }

    /// <summary>The key in <see cref="UniqueParameter"/> of a job.</summary>
    /// <param name="parameter">The value as it is stored, which is JSON.</param>
    /// <returns>The key; <see langword="null"/> when there is none that can be read.</returns>
    public static string? UniqueKeyOf(string? parameter) => UniqueOf(parameter)?.Key;

    /// <summary>The key in <see cref="IdempotencyParameter"/> of a job.</summary>
    /// <param name="parameter">The value as it is stored, which is JSON.</param>
    /// <returns>The key; <see langword="null"/> when there is none that can be read.</returns>
    public static string? IdempotencyKeyOf(string? parameter) => IdempotencyOf(parameter)?.Key;

    internal static (string Scope, string Key)? UniqueOf(string? parameter) =>
        TextOf(parameter)?.Split(Separator, 2) is [{ Length: > 0 } scope, { Length: > 0 } key] ? (scope, key) : null;

    internal static (string Scope, TimeSpan ValidFor, string Key)? IdempotencyOf(string? parameter) =>
        TextOf(parameter)?.Split(Separator, 3) is [{ Length: > 0 } scope, var seconds, { Length: > 0 } key]
            && int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            ? (scope, TimeSpan.FromSeconds(time), key)
            : null;

    /// <summary>A parameter as Hangfire writes it.</summary>
    internal static string? TextOf(string? parameter)
    {
        if (parameter is null or not ['"', ..])
            return null;
        try
        {
            return JsonSerializer.Deserialize<string>(parameter);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Checked(string scope)
    {
        ArgumentException.ThrowIfNullOrEmpty(scope);
        return scope.Contains(Separator, StringComparison.Ordinal)
            ? throw new ArgumentException($"The scope '{scope}' of a key has several lines. Fix: use one line.", nameof(scope))
            : scope;
    }

    private static string CheckedKey(string key) =>
        FaultOf(key) is { } fault ? throw new ArgumentException($"The key of a job {fault}", nameof(key)) : key;

    private static bool HasLoneSurrogate(string key)
    {
        for (var rest = key.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != OperationStatus.Done)
                return true;
            rest = rest[length..];
        }
        return false;
    }
}
