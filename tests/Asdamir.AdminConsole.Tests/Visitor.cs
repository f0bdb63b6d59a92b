using System.Net;

namespace Asdamir.AdminConsole.Tests;

/// <summary>Somebody's browser: keeps cookies, follows no redirect by itself.</summary>
internal sealed class Visitor : IDisposable
{
    public const string TokenField = "__form";

    private readonly HttpClient _client;

    public Visitor(Uri console)
    {
        _client = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, AllowAutoRedirect = false }) { BaseAddress = console };
    }

    public CookieContainer Cookies { get; } = new();

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    /// <summary>Posts the fields and nothing else.</summary>
    public Task<Answer> PostAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync(
            HttpMethod.Post, path, new FormUrlEncodedContent(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value))));

    /// <summary>Posts the fields with the token of a form of this session.</summary>
    public async Task<Answer> SubmitAsync(string path, params (string Name, string Value)[] fields) =>
        await PostAsync(path, [(TokenField, await TokenAsync()), .. fields]);

    /// <summary>The token of a page that everybody who is signed in may open.</summary>
    public async Task<string> TokenAsync(string page = "/account") => (await GetAsync(page)).Field(TokenField);

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }

    /// <summary>The answer as it begins: its body may be endless.</summary>
    public Task<HttpResponseMessage> OpenAsync(string path) =>
        _client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

    public void Dispose() => _client.Dispose();
}
