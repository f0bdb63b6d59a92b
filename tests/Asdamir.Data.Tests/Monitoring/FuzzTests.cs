using System.Net;
using System.Text;
using System.Text.Json;
using Asdamir.Data.HangfireJobs;

namespace Asdamir.Data.Tests.Monitoring;

public sealed class FuzzInMemory() : FuzzTests(StorageKind.InMemory);

public sealed class FuzzOnSqlite() : FuzzTests(StorageKind.Sqlite);

[NeedsPostgreSql]
public sealed class FuzzOnPostgreSql() : FuzzTests(StorageKind.PostgreSql);

/// <summary>
/// Random and hostile requests to every route. Whatever is asked, the answer is never the server's fault, and every
/// refusal is a problem that says why.
/// </summary>
[Slow]
public abstract class FuzzTests(StorageKind kind) : MonitoringTests(kind)
{
    private const int Requests = 5_000;

    private static readonly string[] Paths =
    [
        "/statistics", "/jobs", "/jobs", "/jobs", "/jobs/{id}", "/jobs/{id}/log", "/recurring-jobs", "/recurring-jobs/{id}", "/queues",
        "/servers", "/history", "/failures", "/antiforgery",
        "/operations/{id}", "/openapi.json", "/{id}", "/jobs/{id}/{id}", "/",
        "/jobs/{id}/requeue", "/jobs/{id}/delete", "/jobs/requeue", "/jobs/delete", "/recurring-jobs/{id}/trigger",
        "/recurring-jobs/{id}/pause", "/recurring-jobs/{id}/resume", "/limits", "/limits/change", "/limits/reset",
        "/workflows", "/workflows/{id}", "/workflows/{id}/cancel",
    ];

    private static readonly string[] Parameters =
    [
        "state", "app", "name", "from", "to", "q", "sort", "page", "pageSize", "after", "step", "count", "size", "id", "State", "nonsense",
        ""
    ];

    private static readonly string[] Members =
    [
        "ids", "filter", "expectedState", "reason", "state", "from", "to", "q", "name", "app", "queue", "maxRunning", "IDS", "nonsense",
        "__proto__"
    ];

    private static readonly string[] Values =
    [
        "", " ", "0", "1", "2", "50", "200", "201", "-1", "+1", "1.5", "1e9", "0x10", "10000", "2147483647", "2147483648",
        "9223372036854775807", "9223372036854775808", "99999999999999999999999",
        "Failed", "enqueued", "Processing", "Scheduled", "Succeeded", "Awaiting", "Deleted", "Enqueued,Failed", "null", "undefined", "NaN",
        "true",
        "crm", "hr", "default", "IdleJob", "crm:sweep", "newest", "oldest", "minute", "hour",
        "2026-11-24T00:00:00Z", "2099-01-01", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00", "2026-02-30", "24:00", "now",
        "1.2.3", "0.0.0", "9223372036854775807.9223372036854775807.9223372036854775807", "1795504306445536.3.0", "..", ".", "a.b.c", "1.2",
        "1.2.3.4",
        "' OR '1'='1", "'; DROP TABLE job; --", "\\", "\\\\%_", "%", "_", "%%%", "\"", "`", "{s}job", "@id", "$1", "{0}", "{{",
        "\u0001\u001f", "\r\nX-Injected: 1", "\t",
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "${jndi:ldap://x}", "../../etc/passwd", "C:\\Windows",
        "//evil.example", "http://evil.example/",
        "ü", "İstanbul ıĞ", "日本語", "🦊", "e\u0301", "\u202Eabc", "\uFEFF", "\uFFFD", "ﬀ", "ﷺ",
        new('x', 199), new('x', 200), new('x', 201), new('9', 1_000), new('ü', 300), new('%', 150),
    ];

    // Often enough that actions meet what is there.
    private static readonly string[] Known = ["1", "2", "crm:sweep"];

    private static readonly string[] RawQueries =
    [
        "?state=%zz", "?%00=%00", "?q=%ff%fe", "?q=%c0%af", "?q=%ed%a0%80", "?q=%00", "?name=%00", "?app=%00", "?sort=%00", "?after=%00",
        "?state=%00", "?from=%00", "?page=%00", "?step=%00",
        "?&&&===&", "?=", "?state=Failed&state=Enqueued", "?page=1&page=2", "?q=a&q=b", "??", "?q=+++", "?q[]=1", "?q.x=1",
        "?%73tate=Failed",
    ];

    private static readonly string[] RawBodies =
    [
        "", "null", "0", "[]", "{}", "\"x\"", "not json", "{", "{\"ids\":", "{\"ids\":[1]}", "{\"ids\":{}}", "{\"ids\":\"1\"}",
        "{\"filter\":[]}", "{\"filter\":{\"state\":null}}", "{\"reason\":7}",
        "{\"reason\":\"\\ud800\"}", "{\"reason\":\"\\u0000\"}", "{\"ids\":[\"\\ud800\"]}", "{\"ids\":[\"\\u0000\"]}",
        "{\"ids\":[\"1\"],\"ids\":[\"2\"]}", "{\"filter\":{\"state\":\"Failed\",\"q\":\"\\u0000\"}}",
        "{\"filter\":{\"state\":\"Failed\",\"name\":\"\\ud83d\"}}", "\uFEFF{}", "{\"ids\":[\"1\"],}", "/*c*/{}", "{\"ids\":[\"1\"]}{}",
        new string('[', 500), "{\"a\":" + new string('[', 100) + new string(']', 100) + "}",
    ];

    // Beside a cookie a bearer token would need the antiforgery token, too.
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseCookies = false });

    public static TheoryData<int> Seeds => FuzzSeeds.Few(1);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task NoRequest_IsTheServersFault_AndEveryRefusalIsAProblem(int seed)
    {
        var random = new Random(seed);
        var crm = await StartAsync(
            configure: options => (options.Access.RequestsPerMinute, options.Access.ActionsPerMinute) = (100_000, 100_000));
        for (var i = 0; i < 5; i++)
            Fail(crm, Values[random.Next(Values.Length)]);
        crm.Jobs.AddOrUpdateRecurring<IdleJob>("@daily", new RecurringOptions { Id = "sweep" });
        Dictionary<HttpStatusCode, int> statuses = [];

        for (var i = 0; i < Requests; i++)
        {
            var (method, target, body) = Next(random);
            var what = $"seed {seed}, request {i}: {method} {target} {body}";
            var answer = await SendAsync(crm, method, target, body);

            Assert.True((int)answer.Status < 500, $"{what} is {answer.Status}: {answer.Body}");
            if ((int)answer.Status >= 400)
            {
                Assert.True(
                    answer.ContentType == "application/problem+json",
                    $"{what} is {answer.Status} with {answer.ContentType}: {answer.Body}");
                Assert.True(answer.Json.Text("detail") is { Length: > 0 }, $"{what} has no detail");
            }
            Assert.Null(answer.Header("X-Injected"));
            statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
        }

        // It would prove little if everything was refused, or nothing.
        Assert.All(new[]
        {
            HttpStatusCode.OK, HttpStatusCode.Accepted, HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.Conflict,
            HttpStatusCode.MethodNotAllowed
        },
            status => Assert.True(statuses.ContainsKey(status), $"No answer was {status}"));
    }

    private static (HttpMethod Method, string Target, string? Body) Next(Random random)
    {
        var path = Paths[random.Next(Paths.Length)];
        while (path.Contains("{id}", StringComparison.Ordinal))
        {
            var at = path.IndexOf("{id}", StringComparison.Ordinal);
            // Dots alone would lead out of the API.
            var id = random.Next(4) == 0 ? Known[random.Next(Known.Length)] : Pick(random);
            path = path[..at] + (id is "." or ".." ? "..." : Uri.EscapeDataString(id)) + path[(at + 4)..];
        }
        var isAction = random.Next(10) < 1 || path.EndsWith("requeue", StringComparison.Ordinal)
            || path.EndsWith("delete", StringComparison.Ordinal) || path.StartsWith("/recurring-jobs/", StringComparison.Ordinal)
            || path.StartsWith("/limits/", StringComparison.Ordinal) || path.EndsWith("/cancel", StringComparison.Ordinal);
        var method = random.Next(50) == 0 ? HttpMethod.Delete : isAction ? HttpMethod.Post : HttpMethod.Get;
        return (method, Api.Root + path + Query(random), method == HttpMethod.Get ? null : Body(random));
    }

    private static string Query(Random random) =>
        random.Next(5) == 0 ? RawQueries[random.Next(RawQueries.Length)]
        : string.Concat(
            Enumerable.Range(0, random.Next(4))
                .Select(i => $"{(i == 0 ? '?' : '&')}{Parameters[random.Next(Parameters.Length)]}={Uri.EscapeDataString(Pick(random))}"));

    private static string? Body(Random random) => random.Next(5) switch
    {
        0 => null,
        1 => RawBodies[random.Next(RawBodies.Length)],
        2 =>
            JsonSerializer.Serialize(new { ids = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Pick(random)), reason = Pick(random) }),
        3 =>
            JsonSerializer.Serialize(
                new { filter = new { state = random.Next(2) == 0 ? "Failed" : Pick(random), q = Pick(random) }, reason = Pick(random) }),
        _ => Json(random, 0),
    };

    /// <summary>Members with known and unknown names and values of any kind.</summary>
    private static string Json(Random random, int depth)
    {
        var members = Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"{JsonSerializer.Serialize(Members[random.Next(Members.Length)])}:{(random.Next(6) switch
        {
            0 => "null",
            1 => random.Next(-5, 300).ToString(System.Globalization.CultureInfo.InvariantCulture),
            2 => $"[{JsonSerializer.Serialize(Pick(random))}]",
            3 when depth < 3 => Json(random, depth + 1),
            _ => JsonSerializer.Serialize(Pick(random)),
        })}");
        return $"{{{string.Join(',', members)}}}";
    }

    // The characters 0 and half a surrogate pair cannot stand in a path; the raw queries and bodies have them.
    private static string Pick(Random random) =>
        random.Next(8) > 0 ? Values[random.Next(Values.Length)]
        : string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => (char)random.Next(1, 0xD7FF)));

    private static async Task<Answer> SendAsync(WebHost app, HttpMethod method, string target, string? body)
    {
        using var request = new HttpRequestMessage(
            method,
            new Uri(
                app.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + target,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Add(Api.Bearer.Name, Api.Bearer.Value);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(
            response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Content.Headers.ContentType?.MediaType, response.Headers);
    }
}
