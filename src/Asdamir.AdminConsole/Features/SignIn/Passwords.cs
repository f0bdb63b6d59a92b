using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>Hashes passwords, and checks them in the same time whatever is stored.</summary>
internal static class Passwords
{
    /// <summary>Rounds of PBKDF2 with SHA-512, as OWASP recommends them.</summary>
    public const int Rounds = 210_000;

    private const int RoundsOffset = 5;

    private static readonly PasswordHasher<string> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Rounds }));

    // Checked when there is no such account.
    private static readonly Lazy<string> OfNoAccount = new(static () => Hash("", Guid.NewGuid().ToString()));

    public static string Hash(string name, string password) => Hasher.HashPassword(name, password);

    /// <param name="hash">The stored hash; <see langword="null"/> when there is no account.</param>
    /// <returns>Whether the password is right, and whether its hash should be replaced by one with the rounds of today.</returns>
    public static (bool IsRight, bool IsOld) Verify(string name, string? hash, string password)
    {
        var result = Hasher.VerifyHashedPassword(name, hash ?? OfNoAccount.Value, password);
        SpendMissingRounds(hash, password);
        return (hash is not null && result != PasswordVerificationResult.Failed, result == PasswordVerificationResult.SuccessRehashNeeded);
    }

    // An old hash is checked sooner, and so would tell that there is such an account.
    private static void SpendMissingRounds(string? hash, string password)
    {
        if (hash is null)
            return;
        var stored = Convert.FromBase64String(hash);
        var missing = Rounds - BinaryPrimitives.ReadInt32BigEndian(stored.AsSpan(RoundsOffset));
        if (missing > 0)
            Rfc2898DeriveBytes.Pbkdf2(password, stored, missing, HashAlgorithmName.SHA512, 32);
    }
}
