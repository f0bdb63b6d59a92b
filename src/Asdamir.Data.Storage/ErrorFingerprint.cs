using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Asdamir.Data.Storage;

/// <summary>
/// Tells errors of one kind by their type, by the methods of the app in which they occurred, and by their message without what differs
/// from job to job: numbers, ids, quoted texts and values. It does not depend on secrets in the message, so that it cannot confirm a guess.
/// </summary>
public static partial class ErrorFingerprint
{
    /// <summary>The name under which the data of a state with an exception has its fingerprint.</summary>
    public const string Field = "Fingerprint";

    /// <summary>The number of characters of a fingerprint.</summary>
    public const int Length = 16;

    private const int MaxMessage = 500;
    private const int MaxDetails = 32_000;
    private const int MaxMethods = 5;

    private static readonly string[] Foreign =
        ["System.", "Microsoft.", "Hangfire.", "Npgsql.", "Asdamir.Data.HangfireJobs.", "Asdamir.Data.Storage."];

    /// <summary>Calculates the fingerprint of an error.</summary>
    /// <param name="type">The type of the exception; may be <see langword="null"/>.</param>
    /// <param name="message">Its message; may be <see langword="null"/>. Its first 500 characters count, up to the first
    /// option, <c>=</c> or quoted value.</param>
    /// <param name="details">The exception as text, with its stack trace; may be <see langword="null"/>. The first five methods in it that
    /// belong to neither .NET nor Hangfire nor these packages count; lines and files do not.</param>
    /// <returns>16 lowercase hexadecimal digits.</returns>
    public static string Of(string? type, string? message, string? details)
    {
        var text = new StringBuilder(type).Append('\n').Append(Words(Cut(message, MaxMessage)));
        foreach (var method in OwnMethods(Cut(details, MaxDetails)))
            text.Append('\n').Append(method);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..Length];
    }

    private static string Words(string message) =>
        Varying.Replace(ValueWithSpaces.Match(message) is { Success: true, Index: var start } ? message[..start] : message, "#");

    // Compilers number what they generate: a change elsewhere in the class must not make another kind of error.
    private static IEnumerable<string> OwnMethods(string details) =>
        Frame.Matches(details)
            .Select(static frame => frame.Groups[1].Value)
            .Where(static method => !Array.Exists(Foreign, name => method.StartsWith(name, StringComparison.Ordinal)))
            .Select(static method => Digits.Replace(method, ""))
            .Take(MaxMethods);

    private static string Cut(string? text, int length) => text is null ? "" : text.Length > length ? text[..length] : text;

    // Where a secret may begin that contains spaces, whatever its name is: name=value, options of command lines, headers, tokens, encoded
    // addresses, quoted values and JSON.
    [GeneratedRegex(
        """
        = | %3[ad] | (?<![\w.-])-[\w.-]+\\*["']?[ ] | (?:authorization|cookie)["'\\ ]*: | (?:bearer|basic|digest|negotiate|apikey)[ ]
        | :\s*[\\"'\[{]
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex ValueWithSpaces { get; }

    [GeneratedRegex("""
        :\s*[^\s:]* | "(?:\\.|[^"\\])*" | (?<!\w)'[^']*' | [^\s:]*\d[^\s:]*
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Varying { get; }

    [GeneratedRegex(@"^ +at ([^\s(]+)\(", RegexOptions.Multiline)]
    private static partial Regex Frame { get; }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits { get; }
}
