using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Asdamir.AdminConsole.Features.SignIn;

/// <summary>Hashes passwords, and checks them in the same time whatever is stored.</summary>
/// <param name="rounds">Rounds of PBKDF2 with SHA-512; the default is what OWASP recommends.</param>
internal sealed class Passwords(int rounds = 210_000)
{
    private const int RoundsOffset = 5;

    private readonly PasswordHasher<string> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = rounds }));

    // Checked when there is no such account.
    private string? _hashOfNoAccount;

    public string Hash(string name, string password) => _hasher.HashPassword(name, password);

    /// <param name="hash">The stored hash; <see langword="null"/> when there is no account.</param>
    /// <returns>Whether the password is right, and whether its hash should be replaced by one with the rounds of today.</returns>
    public (bool IsRight, bool IsOld) Verify(string name, string? hash, string password)
    {
        var result = _hasher.VerifyHashedPassword(name, hash ?? HashOfNoAccount(), password);
        SpendMissingRounds(hash, password);
        return (hash is not null && result != PasswordVerificationResult.Failed, result == PasswordVerificationResult.SuccessRehashNeeded);
    }

    private string HashOfNoAccount() => _hashOfNoAccount ??= Hash("", Guid.NewGuid().ToString());

    // An old hash is checked sooner, and so would tell that there is such an account.
    private void SpendMissingRounds(string? hash, string password)
    {
        if (hash is null)
            return;
        var stored = Convert.FromBase64String(hash);
        var missing = rounds - BinaryPrimitives.ReadInt32BigEndian(stored.AsSpan(RoundsOffset));
        if (missing > 0)
            Rfc2898DeriveBytes.Pbkdf2(password, stored, missing, HashAlgorithmName.SHA512, 32);
    }
}
