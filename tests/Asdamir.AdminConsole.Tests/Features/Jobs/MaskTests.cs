using Asdamir.Data.HangfireJobs.StoredJobs;

namespace Asdamir.AdminConsole.Tests.Features.Jobs;

public sealed class MaskTests
{
    private static readonly SecretMask Mask = new("tax-id, -, Salary");

    [Theory]
    [InlineData("password")]
    [InlineData("Password")]
    [InlineData("user_password_hash")]
    [InlineData("clientSecret")]
    [InlineData("API-Key")]
    [InlineData("refresh.token")]
    [InlineData("connectionString")]
    [InlineData("Authorization")]
    [InlineData("CardNumber")]
    [InlineData("pin")]
    [InlineData("CVV")]
    [InlineData("iban")]
    [InlineData("taxId")]
    [InlineData("monthlySalary")]
    [InlineData("Pass\\u0077ord")]
    public void ValuesOfSecretNames_AreHidden_WhereverTheyStand(string name)
    {
        foreach (var json in (string[])[
            $$"""{"{{name}}":"hunter2"}""", $$"""[{ "a": { "{{name}}": ["hunter2", { "b": "hunter2" } ] } }]""",
            $$"""{ "{{name}}": { "x": "hunter2" }, "{{name}}": "hunter2" }"""])
        {
            var text = Mask.Readable(json);
            Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
            Assert.Contains(SecretMask.Hidden, text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("shippingAddress")]
    [InlineData("opinion")]
    [InlineData("name")]
    [InlineData("-")]
    public void ValuesOfOther_NamesAreShown(string name) =>
        Assert.Contains("\"shown\"", Mask.Readable($$"""{"{{name}}":"shown"}"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"a":1,"a":2,"password":"hunter2"}""")]
    [InlineData("""{"a":"\ud800","password":"hunter2"}""")]
    [InlineData("""{"\ud800":"hunter2","password":"hunter2"}""")]
    [InlineData("{\"a\":\"\ud800\",\"password\":\"hunter2\"}")]
    [InlineData("""{"a":1e999999,"password":"hunter2"}""")]
    public void OddValues_AreHidden(string json)
    {
        var text = Mask.Readable(json);

        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
        Assert.Contains("\"password\": \"•••\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void DeepValues_AreHidden()
    {
        var text = Mask.Readable(
            string.Concat(Enumerable.Repeat("[", 500)) + """{"password":"hunter2"}""" + string.Concat(Enumerable.Repeat("]", 500)));

        Assert.Contains("\"password\": \"•••\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no JSON", "no JSON")]
    [InlineData("", "")]
    [InlineData("{\"a\":", "{\"a\":")]
    [InlineData("null", "null")]
    [InlineData("12.50", "12.50")]
    [InlineData("\"gr\\u00f6\\u00dfe <b>\"", "\"größe <b>\"")]
    [InlineData("{}", "{}")]
    [InlineData("{\"a\":[1,true,null]}", "{\n  \"a\": [\n    1,\n    true,\n    null\n  ]\n}")]
    public void Text_IsReadable(string json, string text) => Assert.Equal(text, Mask.Readable(json).ReplaceLineEndings("\n"));
}
