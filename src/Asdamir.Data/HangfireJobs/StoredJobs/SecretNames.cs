using System.Collections.Frozen;
using Asdamir.Data.HangfireJobs.Settings;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>Recognises names of secrets word by word, so that <c>dbPwd</c> is one and <c>passenger</c> is not.</summary>
/// <param name="more">More names, separated by commas.</param>
internal sealed class SecretNames(string more)
{
    private const int LongestName = 200;

    private static readonly FrozenSet<string> Words =
    [
        "password", "passwd", "passphrase", "passcode", "pwd", "pass", "secret", "secrets", "token", "credential", "credentials",
        "authorization", "cookie", "otp", "totp", "jwt", "pin", "cvv", "cvc", "iban", "apikey", "pat", "pw", "sig",
    ];

    // A name that contains one of these denotes a secret, even without word boundaries.
    private static readonly string[] Parts =
    [
        "password", "passwd", "passphrase", "secret", "apikey", "accesskey", "privatekey", "secretkey", "signingkey", "encryptionkey",
        "accountkey", "connectionstring", "accesstoken", "refreshtoken", "authtoken", "idtoken", "authorization", "credential",
        "cookie", "cardnumber", "dbpwd", "dbpass",
    ];

    // With one of these words at its end, a name describes a secret and does not hold it.
    private static readonly FrozenSet<string> Harmless =
    [
        "count", "counts", "length", "limit", "size", "type", "lifetime", "ttl", "expiry", "expires", "attempts", "policy", "required",
        "seconds", "minutes", "exception", "error", "service", "provider", "handler", "manager", "cs",
    ];

    // Other names of secrets in the query of an address: shared access signatures, authorization codes, keys of interfaces.
    private static readonly FrozenSet<string> InQueries = ["code", "key", "auth", "hmac", "ticket", "session", "sid"];

    private const string Signature = "signature";

    private readonly string[] _further = [.. NameList.Split(more).Select(NameList.Plain).Where(static name => name.Length > 0)];

    public bool Contain(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > LongestName)
            return false;
        var plain = NameList.Plain(name.ToString());
        if (Array.Exists(_further, part => plain.Contains(part, StringComparison.Ordinal)))
            return true;
        var words = WordsOf(name);
        if (words.Count == 0 || (words.Count > 1 && Harmless.Contains(words[^1])))
            return false;
        return words.Exists(Words.Contains) || Array.Exists(Parts, part => plain.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>Whether the value of a parameter in the query of an address is a secret, although the name alone does not say so.</summary>
    public static bool IsSecretInQuery(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > LongestName)
            return false;
        var plain = NameList.Plain(name.ToString());
        return InQueries.Contains(plain) || plain.EndsWith(Signature, StringComparison.Ordinal);
    }

    /// <summary>Whether a secret follows this option of a command line.</summary>
    public bool ContainOption(ReadOnlySpan<char> option) =>
        option is ['-', _, ..] && (option.Equals("-p", StringComparison.OrdinalIgnoreCase) || Contain(option));

    // As in userPassword, USER_PASSWORD, user-password and APIKey.
    private static List<string> WordsOf(ReadOnlySpan<char> name)
    {
        List<string> words = [];
        for (int start = 0, i = 0; i <= name.Length; i++)
        {
            var ends = i == name.Length
                || !char.IsLetter(name[i])
                || (i > start && char.IsUpper(name[i])
                    && (char.IsLower(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))));
            if (!ends)
                continue;
            if (i > start)
                words.Add(name[start..i].ToString().ToLowerInvariant());
            start = i < name.Length && char.IsLetter(name[i]) ? i : i + 1;
        }
        return words;
    }
}
