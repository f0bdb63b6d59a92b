using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Kit.Identity;

/// <summary>What was given out: codes, good for one use, and access tokens.</summary>
internal sealed class Grants
{
    private readonly ConcurrentDictionary<string, CodeGrant> _codes = new();
    private readonly ConcurrentDictionary<string, User> _accessTokens = new();

    public string Add(CodeGrant grant) => Add(_codes, grant);

    public string Add(User user) => Add(_accessTokens, user);

    public CodeGrant? Redeem(string code) => _codes.TryRemove(code, out var grant) ? grant : null;

    public User? FindUser(string accessToken) => _accessTokens.GetValueOrDefault(accessToken);

    private static string Add<T>(ConcurrentDictionary<string, T> store, T value)
    {
        var secret = RandomNumberGenerator.GetHexString(32, lowercase: true);
        store[secret] = value;
        return secret;
    }
}
