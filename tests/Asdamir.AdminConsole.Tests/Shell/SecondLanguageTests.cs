using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;

namespace Asdamir.AdminConsole.Tests.Shell;

/// <summary>A second language is a file beside each .resx: no page shows a text that such files cannot translate.</summary>
public sealed partial class SecondLanguageTests : OneCompany
{
    // What pages show of the company, and what is the same in all languages.
    private static readonly string[] Data =
    [
        "acme", "ada", "eve", "crm", "MailJob", "broken", "System.InvalidOperationException", "InvalidOperationException", "to a customer",
        "nightly", "nothing", "smtp", "per-list", Hostile.Text,
        "ExceptionType", "ExceptionMessage", "Queue", "EnqueuedAt", "FailedAt", "ServerId", "UTC", "Enter",
    ];

    private static readonly string[] ReadAttributes = ["aria-label", "title", "placeholder", "data-label", "alt"];

    public override async ValueTask InitializeAsync()
    {
        PseudoLanguage.Install();
        await base.InitializeAsync();
    }

    [Fact]
    public async Task Pages_ShowNoTextThatIsNotTranslated()
    {
        var failed = Acme.Fail();
        await using var workflow = Acme.Jobs.NewWorkflow("nothing");
        workflow.Add<MailJob, string>("b", after: workflow.Add<MailJob, string>("a"), when: After.Finished);
        var flow = await workflow.CommitAsync(TestContext.Current.CancellationToken);
        ((IJobWorkflows)Acme.Storage).CancelWorkflow(flow, "ada", "nothing");
        Acme.Jobs.AddOrUpdateRecurring<MailJob, string>("to a customer", "0 6 * * 1-5", new RecurringOptions { Id = "nightly" });
        var ada = await OperatorAsync();
        var eve = await Site.WelcomeAsync("eve", "viewer:acme");
        using var stranger = Site.NewVisitor();
        List<string> faults = [];

        foreach (var path in new[]
        {
            "/companies", "/account", "/acme", "/acme?range=24h&app=crm", "/acme/jobs", "/acme/jobs?state=Failed&name=MailJob&sort=oldest",
            "/acme/jobs?q=nothing",
            "/acme/jobs?state=12&size=12&from=12&to=34", $"/acme/jobs/{failed}", "/acme/jobs/987654", "/acme/recurring",
            "/acme/recurring?status=paused", "/acme/queues", "/acme/limits", "/acme/workflows", $"/acme/workflows/{flow}",
            "/acme/workflows/987654",
            "/acme/servers", "/acme/doctor",
            "/acme/audit", "/acme/audit?actor=ada", "/acme/operations/00000000-0000-0000-0000-000000000000", "/nowhere",
        })
        {
            faults.AddRange(FaultsOf(path, await ada.GetAsync(path, ("Accept-Language", PseudoLanguage.Name))));
        }
        foreach (var path in new[]
        {
            "/login", "/login?failed=out", "/login?failed=password", "/login?failed=often", "/login?failed=provider"
        })
        {
            faults.AddRange(FaultsOf(path, await stranger.GetAsync(path, ("Accept-Language", PseudoLanguage.Name))));
        }

        foreach (var (visitor, path, fields) in new (Visitor, string, (string, string)[])[]
        {
            (ada, "/acme/jobs/act", [("action", "delete"), ("job", $"{failed}|Failed")]),
            (ada, "/acme/jobs/act", [("action", "delete")]),
            (ada, "/acme/recurring/act", [("action", "pause"), ("id", "nightly")]),
            (ada, "/acme/queues/act", [("action", "pausequeue"), ("queue", "crm")]),
            (ada, "/acme/queues/act", [("action", "resumequeue"), ("queue", "crm"), ("for", "7")]),
            (ada, "/acme/limits/act", [("action", "changelimit"), ("queue", "crm"), ("name", "smtp")]),
            (ada, "/acme/limits/act", [("action", "resetlimit"), ("queue", "crm"), ("name", "smtp"), ("confirmed", "1")]),
            (ada, "/acme/workflows/act", [("action", "cancelworkflow"), ("workflow", flow)]),
            (ada, "/acme/workflows/act", [("action", "cancelworkflow"), ("workflow", flow), ("confirmed", "1")]),
            (ada, "/account", [("old", "x"), ("new", "a long new password"), ("again", "another one")]),
            (ada, "/account", [("old", "x"), ("new", "short")]),
            (eve, "/acme/jobs/act", [("action", "delete"), ("job", $"{failed}|Failed")]),
        })
        {
            using var form = new FormUrlEncodedContent(
                [
                    .. fields.Select(static field => KeyValuePair.Create(field.Item1, field.Item2)),
                    new(Visitor.TokenField, await visitor.TokenAsync())
                ]);
            faults.AddRange(
                FaultsOf($"POST {path}", await visitor.SendAsync(HttpMethod.Post, path, form, ("Accept-Language", PseudoLanguage.Name))));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static IEnumerable<string> FaultsOf(string path, Answer answer)
    {
        var document = answer.Page.DocumentElement;
        if (document.GetAttribute("lang") is not { } language || !PseudoLanguage.Name.StartsWith(language, StringComparison.Ordinal))
            yield return $"{path} is in the language '{document.GetAttribute("lang")}'";
        IEnumerable<string> texts =
        [
            string.Join(
                ' ',
                document.Descendants<IText>().Where(static text => text.ParentElement is not { LocalName: "script" or "style" or "pre" })
                    .Select(static text => text.Data)),
            .. document.Descendants<IElement>().SelectMany(static element => ReadAttributes.Select(element.GetAttribute).OfType<string>()),
            .. JsonDocument.Parse(document.GetAttribute("data-texts") ?? "{}").RootElement.EnumerateObject()
                .Select(static text => text.Value.GetString()!),
        ];
        foreach (var rest in texts.Select(Untranslated).Where(static rest => rest.Length > 0))
            yield return $"{path}: {rest}";
    }

    /// <summary>The words that are neither from a .resx file nor data.</summary>
    private static string Untranslated(string text)
    {
        // A text can contain another one.
        for (var before = ""; before != text;)
            (before, text) = (text, Translated().Replace(text, " "));
        foreach (var data in Data)
            text = text.Replace(data, " ", StringComparison.Ordinal);
        return string.Join(' ', Words().Matches(text).Select(static word => word.Value));
    }

    [GeneratedRegex("⟦[^⟦⟧]*⟧")]
    private static partial Regex Translated();

    [GeneratedRegex(@"\p{L}{2,}")]
    private static partial Regex Words();
}
