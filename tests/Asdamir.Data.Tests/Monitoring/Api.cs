using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Asdamir.Data.Tests.Monitoring;

/// <summary>How tests talk to the API.</summary>
internal static class Api
{
    public const string Root = "/frameworkapi/hangfire";

    /// <summary>A request that brings a bearer token needs no antiforgery token.</summary>
    public static readonly (string Name, string Value) Bearer = ("Authorization", "Bearer operator");

    public static Task<Answer> AskAsync(this WebHost app, string path, params (string Name, string Value)[] headers) =>
        app.SendAsync(HttpMethod.Get, path, null, headers);

    /// <summary>The body of an answer that must be a success.</summary>
    public static async Task<JsonElement> ReadAsync(this WebHost app, string path)
    {
        var answer = await app.AskAsync(path);
        Assert.Equal((HttpStatusCode.OK, path), (answer.Status, path));
        return answer.Json;
    }

    public static Task<Answer> PostAsync(this WebHost app, string path, object? body = null) =>
        app.SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body, body.GetType()), Bearer);

    public static async Task<Answer> SendAsync(
        this WebHost app, HttpMethod method, string path, HttpContent? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(
            method, path.StartsWith('/') && !path.StartsWith(Root, StringComparison.Ordinal) ? Root + path : path)
        { Content = body };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(
            response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Content.Headers.ContentType?.MediaType, response.Headers);
    }

    public static IEnumerable<string> Ids(this JsonElement jobs) => jobs.EnumerateArray().Select(static job => job.Text("id")!);

    public static string? Text(this JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    public static int Number(this JsonElement json, string name) => json.GetProperty(name).GetInt32();

    public static IEnumerable<(string Id, string Reason)> Remarks(this JsonElement report) =>
        report.GetProperty("remarks").EnumerateArray().Select(static remark => (remark.Text("id")!, remark.Text("reason")!));
}

internal sealed record Answer(HttpStatusCode Status, string Body, string? ContentType, HttpResponseHeaders Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    /// <summary>The path of a link of the header Link.</summary>
    public string? Link(string relation) =>
        Header("Link")?.Split(", ").Select(static link => link.Split(">; rel=")).Where(parts => parts[1] == $"\"{relation}\"")
            .Select(static parts => parts[0][1..]).FirstOrDefault();

    /// <summary>Asserts that it is a problem, and returns its detail.</summary>
    public string Problem(HttpStatusCode status)
    {
        Assert.Equal((status, "application/problem+json"), (Status, ContentType));
        Assert.Equal((int)status, Json.Number("status"));
        return Json.Text("detail")!;
    }

    /// <summary>Asserts that it is a problem that names a parameter, and returns its detail.</summary>
    public string ProblemOf(string parameter)
    {
        var detail = Problem(HttpStatusCode.BadRequest);
        Assert.Equal(parameter, Json.Text("parameter"));
        return detail;
    }
}
