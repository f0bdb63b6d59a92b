using System.Collections.Frozen;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>Tells which names stand for secrets: by their words, so that a <c>passenger</c> is none and a <c>dbPwd</c> is one.</summary>
/// <param name="more">Further names, separated by commas.</param>
internal sealed class SecretNames(string more)
{
    private const int LongestName = 200;
    private const int ShortestFurtherName = 3;

    private static readonly FrozenSet<string> Words =
    [
        "password", "passwd", "passphrase", "passcode", "pwd", "pass", "secret", "secrets", "token", "credential", "credentials", "authorization",
        "cookie", "otp", "totp", "jwt", "pin", "cvv", "cvc", "iban", "apikey", "pat",
    ];

    // What holds these is a secret even where the words run together.
    private static readonly string[] Parts =
    [
        "password", "passwd", "passphrase", "secret", "apikey", "accesskey", "privatekey", "secretkey", "signingkey", "encryptionkey", "accountkey",
        "connectionstring", "accesstoken", "refreshtoken", "authtoken", "idtoken", "authorization", "credential", "cookie", "cardnumber", "dbpwd", "dbpass",
    ];

    // What follows tells something about a secret, and not the secret.
    private static readonly FrozenSet<string> Harmless =
    [
        "count", "counts", "length", "limit", "size", "type", "lifetime", "ttl", "expiry", "expires", "attempts", "policy", "required", "seconds", "minutes",
        "exception", "error", "service", "provider", "handler", "manager", "cs",
    ];

    private readonly string[] _further = [.. Split(more).Select(Plain).Where(static name => name.Length > 0)];

    public bool Contain(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > LongestName)
            return false;
        var plain = Plain(name.ToString());
        if (Array.Exists(_further, part => plain.Contains(part, StringComparison.Ordinal)))
            return true;
        var words = WordsOf(name);
        if (words.Count == 0 || (words.Count > 1 && Harmless.Contains(words[^1])))
            return false;
        return words.Exists(Words.Contains) || Array.Exists(Parts, part => plain.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>What is wrong with further names, of which a short one would hide nearly everything.</summary>
    public static string? FaultOf(string more) =>
        Split(more).FirstOrDefault(static name => Plain(name).Length < ShortestFurtherName) is { } name
            ? $"has the name '{name}', which is too short. Fix: write names of at least {ShortestFurtherName} letters or digits, separated by commas, as in 'taxId, salary'"
            : null;

    private static string[] Split(string names) => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    // As in userPassword, USER_PASSWORD, user-password and APIKey.
    private static List<string> WordsOf(ReadOnlySpan<char> name)
    {
        List<string> words = [];
        for (int start = 0, i = 0; i <= name.Length; i++)
        {
            var ends = i == name.Length || !char.IsLetter(name[i])
                || (i > start && char.IsUpper(name[i]) && (char.IsLower(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))));
            if (!ends)
                continue;
            if (i > start)
                words.Add(name[start..i].ToString().ToLowerInvariant());
            start = i < name.Length && char.IsLetter(name[i]) ? i : i + 1;
        }
        return words;
    }
}
