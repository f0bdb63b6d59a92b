using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Kit.Identity;

internal sealed class SigningKey : IDisposable
{
    private const string Id = "test-key";
    private readonly RSA _rsa = RSA.Create(2048);

    public object PublicKey
    {
        get
        {
            var key = _rsa.ExportParameters(includePrivateParameters: false);
            return new
            {
                kty = "RSA", use = "sig", alg = "RS256", kid = Id, n = Base64Url.EncodeToString(key.Modulus),
                e = Base64Url.EncodeToString(key.Exponent)
            };
        }
    }

    public string IdToken(string issuer, User user, string? nonce)
    {
        var claims = user.Claims;
        if (nonce is not null)
            claims["nonce"] = nonce;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = TestIdentityProvider.ClientId,
            Claims = claims,
            Expires = DateTime.UtcNow.AddMinutes(5),
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(_rsa) { KeyId = Id }, SecurityAlgorithms.RsaSha256),
        });
    }

    /// <summary>A token that says to a client that a session, or all of a person, have ended.</summary>
    public string LogoutToken(string issuer, string audience, Dictionary<string, object> claims) =>
        new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Claims = claims,
            Expires = DateTime.UtcNow.AddMinutes(2),
            TokenType = "logout+jwt",
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(_rsa) { KeyId = Id }, SecurityAlgorithms.RsaSha256),
        });

    public void Dispose() => _rsa.Dispose();
}
