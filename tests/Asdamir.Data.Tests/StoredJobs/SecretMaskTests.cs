using System.Text.Encodings.Web;
using System.Text.Json;
using Asdamir.Data.HangfireJobs.StoredJobs;
using Asdamir.Data.Storage;

namespace Asdamir.Data.Tests.StoredJobs;

public sealed class SecretMaskTests
{
    private const string Secret = "hunter2X";
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly SecretMask Mask = new("taxId, salary");

    [Theory]
    [InlineData("accessKey")]
    [InlineData("dbPwd")]
    [InlineData("DB_PASS")]
    [InlineData("otp")]
    [InlineData("jwt")]
    [InlineData("pass")]
    [InlineData("api-key")]
    [InlineData("X-Api-Key")]
    [InlineData("ConnectionString")]
    [InlineData("AccountKey")]
    [InlineData("client_secret")]
    [InlineData("refreshToken")]
    [InlineData("accesstoken")]
    [InlineData("userPin")]
    [InlineData("pin_code")]
    [InlineData("cvv")]
    [InlineData("tax-id")]
    [InlineData("SMTPPassword")]
    public void Of_HidesTheValueOfASecretName_InJsonAndText(string name)
    {
        string[] texts =
        [
            $$"""{"{{name}}":"{{Secret}}"}""",
            $$"""[{"a":{"{{name}}":["{{Secret}}"]} }]""",
            $$"""{"{{name}}":{{Secret.Length}}, "a":"b"}""",
            $$$"""{"body":"{\"{{{name}}}\":\"{{{Secret}}}\"}"}""",
            $$"""{"name":"{{name}}","value":"{{Secret}}"}""",
            $$"""[{"key":"{{name}}","values":["{{Secret}}"]}]""",
            $$"""["--{{name}}","{{Secret}}"]""",
            $"run --{name} {Secret} now",
            $"run '--{name}' '{Secret} and more' now",
            $$"""["run","-p","{{Secret}}"]""",
            $"{name}={Secret}",
            $"could not connect with {name} = {Secret}, giving up",
            $"{name}: {Secret}",
            $"the body was {{\"{name}\":\"{Secret} and more\"}} here",
            $"the body was {{\\\"{name}\\\":\\\"{Secret}\\\"}} here",
            $"the body was {{\\\\\\\"{name}\\\\\\\":\\\\\\\"{Secret}\\\\\\\"}} here",
            $"the body was {{\"{name}\":\"a\\\"{Secret}\"}} here",
            $"the body was {{\\\"{name}\\\":\\\"a\\\\\\\"{Secret}\\\"}} here",
            $"GET https://host/path?a=1&{name}={Secret}&b=2",
        ];
        foreach (var text in texts)
        {
            var masked = Mask.Of(text);
            Assert.DoesNotContain(Secret, masked, StringComparison.Ordinal);
            Assert.Contains(SecretMask.Hidden, masked, StringComparison.Ordinal);
            AssertFingerprintDoesNotTell(text);
        }
    }

    [Theory]
    [InlineData("Host=db;Username=jobs;Password=hunter2X two words;Database=x", "Host=db;Username=jobs;Password=•••;Database=x")]
    [InlineData("Host=db;Password=a,b&c(hunter2X;Database=x", "Host=db;Password=•••;Database=x")]
    [InlineData("cannot open 'Host=db;Password=a, b<hunter2X' now", "cannot open 'Host=db;Password=•••' now")]
    [InlineData("Server=db;Pwd='hunter2X;x';Database=x", "Server=db;Pwd='•••';Database=x")]
    [InlineData("amqp://guest:hunter2X@queue:5672/v", "amqp://guest:•••@queue:5672/v")]
    [InlineData("https://hunter2X@github.com/a", "https://•••@github.com/a")]
    [InlineData("Authorization: Bearer hunter2X.abc\nHost: x", "Authorization: •••\nHost: x")]
    [InlineData("sent Basic dXNlcjpodW50ZXIyWA== to it", "sent Basic ••• to it")]
    [InlineData("Cookie: a=hunter2X; b=2", "Cookie: •••")]
    [InlineData("dump --password hunter2X --user ann", "dump --password ••• --user ann")]
    [InlineData("dump --db-password  'hunter2X and more' x", "dump --db-password  '•••' x")]
    [InlineData("\"dump\" \"--token\" \"hunter2X and more\" \"x\"", "\"dump\" \"--token\" \"•••\" \"x\"")]
    [InlineData("copy -p hunter2X -v", "copy -p ••• -v")]
    [InlineData("copy -pw hunter2X", "copy -pw •••")]
    [
        InlineData(
            "https://a.blob.core.windows.net/c/f?sv=2022&sig=hunter2X%3D&se=2026",
            "https://a.blob.core.windows.net/c/f?sv=2022&sig=•••&se=2026")
    ]
    [InlineData("sig=hunter2X%3D&se=2026", "sig=•••&se=2026")]
    [InlineData(
        "/signin?next=https%3A%2F%2Fhost%2Fpath%3Fa%3D1%26sig%3Dhunter2X%26b%3D2&c=3",
        "/signin?next=https%3A%2F%2Fhost%2Fpath%3Fa%3D1%26sig%3D•••%26b%3D2&c=3")]
    [InlineData("next=%2fpath%3fpassword%3dhunter2X%23part", "next=%2fpath%3fpassword%3d•••%23part")]
    [InlineData("next=https%3A%2F%2Fann%3Ahunter2X%40host%2Fpath", "next=https%3A%2F%2Fann%3A•••%40host%2Fpath")]
    [InlineData("next=https%3A%2F%2Fhunter2X%40host done", "next=https%3A%2F%2F•••%40host done")]
    [InlineData("https://s3/x?X-Amz-Date=1&X-Amz-Signature=hunter2X", "https://s3/x?X-Amz-Date=1&X-Amz-Signature=•••")]
    [InlineData("https://s3/x?X-Goog-Signature=hunter2X&b=2", "https://s3/x?X-Goog-Signature=•••&b=2")]
    [InlineData("GET /back?state=x&code=hunter2X HTTP/1.1", "GET /back?state=x&code=••• HTTP/1.1")]
    [InlineData("https://host/back#code=hunter2X&state=x", "https://host/back#code=•••&state=x")]
    [InlineData("https://maps/api?key=hunter2X&q=a", "https://maps/api?key=•••&q=a")]
    [
        InlineData(
            "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=hunter2X==;EndpointSuffix=x",
            "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=•••;EndpointSuffix=x")
    ]
    public void Of_HidesTheSecretAndShowsTheRest(string text, string shown)
    {
        Assert.Equal(shown, Mask.Of(text));
        Assert.Equal($$"""{"a":{{JsonSerializer.Serialize(shown, Readable)}}}""",
            Mask.Of($$"""{"a":{{JsonSerializer.Serialize(text)}}}"""));
        AssertFingerprintDoesNotTell(text);
    }

    [Theory]
    [
        InlineData(
            """{"passenger":"Ann","compass":"N","tokenCount":7,"pinned":true,"opinion":"x","shippingAddress":"y","passwordLength":12}""")
    ]
    [InlineData("""{ "a" : [ 1 , "x" ], "text": "größe <b>" }""")]
    [InlineData("passenger=Ann; compass: N; pinned=true; tokenCount=7")]
    [
        InlineData(
            "System.InvalidOperationException: broken\n   at Shop.TokenService.Get(String token) in /src/TokenService.cs:line 12\n   at "
                + "Shop.Passengers.Find()")
    ]
    [InlineData("Shop.InvalidCredentialException: Access denied")]
    [InlineData("https://host/a:b?page=2")]
    [InlineData("https://host/?page=2&countryCode=de&monkey=1")]
    [InlineData("exit code=5, key=7")]
    [InlineData("docker run --rm --path /a -v /a:/b image")]
    [InlineData("""["run","-v","x"]""")]
    [InlineData("use the basic settings")]
    [InlineData("")]
    [InlineData("{\"a\":")]
    public void Of_LeavesATextWithoutASecretAsItIs(string text) => Assert.Equal(text, Mask.Of(text));

    [Fact]
    public void Of_TakesLongAndHostileTexts()
    {
        foreach (var part in new[]
        {
            "password=", "password= ", "password: ", "=", ":", "://", "://a@", "Bearer ", "\"", "\\\"password\\\":", "[", "{\"a\":", "a b",
            ";password = x ", "-p ", "--password ", "-p \"", "\" ", "\\\\\\ ", " ", "x-", "?code=", "&sig= ",
            "%3Fsig%3D", "%3A%2F%2F", "%3A%2F%2Fa%40"
        })
        {
            Assert.NotEmpty(Mask.Of(string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length))));
        }
        Assert.DoesNotContain(Secret, Mask.Of(new string('x', SecretMask.LongestText) + $" password={Secret}"), StringComparison.Ordinal);
    }

    // It is shown unmasked: one that depended on the secret would confirm a guess.
    private static void AssertFingerprintDoesNotTell(string text)
    {
        Assert.Equal(FingerprintOf("letters"), FingerprintOf("others"));

        string FingerprintOf(string secret)
        {
            var message = text.Replace(Secret, secret, StringComparison.Ordinal);
            return ErrorFingerprint.Of(null, message, $"System.Exception: {message}\n   at Shop.ChargeCardJob.ExecuteAsync()");
        }
    }
}
