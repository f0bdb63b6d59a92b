using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Kit.Identity;

internal sealed record CodeGrant(User User, string RedirectUri, string CodeChallenge, string? Nonce)
{
    /// <summary>PKCE with S256: only who began the sign-in knows the verifier.</summary>
    public bool IsBegunWith(string codeVerifier) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(codeVerifier))) == CodeChallenge;
}
