using System.Globalization;
using System.Net;
using Asdamir.AdminConsole.Access;
using Asdamir.AdminConsole.Features.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Asdamir.AdminConsole.Tests.Features.Audit;

/// <summary>What was refused is in the audit, and cannot fill it.</summary>
public sealed class RefusedAttemptTests : OneCompany
{
    private const int Many = 300;

    protected override bool IsTimeFake => true;

    [Fact]
    public async Task RepeatsOfAnAttempt_AreALineAndTheirNumber()
    {
        var stranger = await StrangerAsync();

        for (var i = 0; i < Many; i++)
            await stranger.GetAsync("/acme/jobs");
        var first = Assert.Single(Denied());
        Time.Advance(RefusedAttempts.Window);

        Assert.Equal(("eve", "GET /acme/jobs", "No role in this company."), (first.Actor, first.Target, first.Reason));
        Assert.Equal(2, Denied().Count);
        Assert.StartsWith("No role in this company. (299 more from ", Denied()[0].Reason, StringComparison.Ordinal);
        Assert.Equal(("eve", "GET /acme/jobs"), (Denied()[0].Actor, Denied()[0].Target));
    }

    [Fact]
    public async Task DifferentAttempts_AreAFewLinesAndTheNumberOfTheOthers()
    {
        var stranger = await StrangerAsync();

        for (var i = 0; i < Many; i++)
            await stranger.GetAsync($"/acme/jobs/{i}");
        Assert.Equal(RefusedAttempts.LinesOfStranger, Denied().Count);
        Time.Advance(RefusedAttempts.Window);

        Assert.Equal(RefusedAttempts.LinesOfStranger + 1, Denied().Count);
        Assert.StartsWith(
            $"Further refused attempts of this source. ({Many - RefusedAttempts.LinesOfStranger} more from ", Denied()[0].Reason,
            StringComparison.Ordinal);
        Assert.Equal("eve", Denied()[0].Actor);
    }

    [Fact]
    public async Task NewWindow_BeginsWithNewLines()
    {
        var stranger = await StrangerAsync();
        await stranger.GetAsync("/acme/jobs");
        Time.Advance(RefusedAttempts.Window);

        await stranger.GetAsync("/acme/jobs");

        Assert.Equal(2, Denied().Count(static line => line.Reason == "No role in this company."));
    }

    [Fact]
    public async Task CountedAttempts_AreWritten_WhenTheConsoleStops()
    {
        using var folder = new TemporaryFolder();
        await using (var app = ConsoleHost.Build([Acme.Settings], folder, new LogCapture(), time: Time))
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
            using var stranger = new Visitor(new Uri(app.Urls.First()));
            for (var i = 0; i < 3; i++)
                await ConsoleHost.TrySignInAsync(stranger, "nobody", "wrong");
        }

        var reasons = new AdminConsole.Database.ConsoleDatabase(folder.Path)
            .Query("SELECT reason FROM audit ORDER BY id", static row => row.GetString(0));
        Assert.Equal(2, reasons.Count);
        Assert.StartsWith("Wrong name or password. (2 more from ", reasons[1], StringComparison.Ordinal);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    [Fact]
    public async Task Console_SurvivesAnAuditAndALogThatBothFailAtTheEndOfAWindow()
    {
        var log = new ThrowingLogger();
        await using var site = await ConsoleHost.StartAsync(Acme);
        var audit = new AuditTrail(site.Database, site.Services.GetRequiredService<AdminConsole.Companies.CompanyDirectory>(), Time, log);
        for (var i = 0; i < 2; i++)
            audit.SignInFailed(new DefaultHttpContext(), null, "Wrong.", "nobody");
        site.Database.Execute("ALTER TABLE audit RENAME TO away");

        // The clock calls the timer on this thread, where an exception would be seen.
        Time.Advance(RefusedAttempts.Window);

        Assert.Equal(1, log.Calls);
    }

    [Fact]
    public async Task EveryAttemptOfAViewerAndEveryActionOfAnOperator_IsALineAmongManyOfStrangers()
    {
        var (stranger, viewer, ada) = (await StrangerAsync(), await Site.WelcomeAsync("vera", "viewer:acme"), await OperatorAsync());

        for (var i = 0; i < 30; i++)
        {
            await stranger.GetAsync($"/acme/jobs/{i}");
            await viewer.PostAsync("/acme/jobs/act", ("action", "delete"), ("job", "1"));
            await ada.SubmitAsync("/acme/jobs/act", ("action", "requeue"), ("job", "1|Failed"));
        }

        Assert.Equal(30, Denied().Count(static line => line.Actor == "vera"));
        Assert.Equal(30, Site.Audit("acme").Count(static line => line is { Actor: "ada", Phase: "Intended" }));
        Assert.Equal(30, Site.Audit("acme").Count(static line => line is { Actor: "ada", Phase: "Completed" }));
    }

    [Fact]
    public void StrangersOfManyNetworks_HaveALimitTogetherAndRepeatsAreCountedExactlyInEachCase()
    {
        List<Attempt> lines = [];
        var attempts = new RefusedAttempts(lines.Add, Time);

        for (var i = 0; i < 10_000; i++)
        {
            attempts.Add(
                new Attempt("Event", "SignInFailed", null, $"name {i}", Role.None, null, "Wrong.", $"10.0.{i % 1_000}", null, null),
                $"10.0.{i % 1_000}", isAnonymous: true);
        }
        Assert.Equal(RefusedAttempts.LinesOfAllStrangers, lines.Count);
        attempts.Flush();

        var counted = lines.Skip(RefusedAttempts.LinesOfAllStrangers).ToList();
        Assert.InRange(counted.Count, 1, RefusedAttempts.LinesOfAllStrangers + 1);
        Assert.Equal(
            10_000 - RefusedAttempts.LinesOfAllStrangers,
            counted.Sum(static line =>
                int.Parse(
                    line.Why.Split('(')[1].Split(' ')[0].Replace(",", "", StringComparison.Ordinal),
                    System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task ExistingCompany_CannotBeToldFromAMissingOne()
    {
        var stranger = await StrangerAsync();

        var there = await stranger.GetAsync("/acme/jobs");
        var nowhere = await stranger.GetAsync("/acne/jobs");

        Assert.Equal(HttpStatusCode.NotFound, there.Status);
        Assert.Equal(Plain(there), Plain(nowhere));
        // Both are written into the audit before the answer, so both take as long.
        Assert.Equal(["GET /acne/jobs", "GET /acme/jobs"], Denied().Select(static line => line.Target!));
        Assert.Equal([null, "acme"], Denied().Select(static line => line.Company));
    }

    [Fact]
    public void Flush_WritesWhatItCouldNotWriteBefore()
    {
        List<Attempt> lines = [];
        var failsAt = int.MaxValue;
        var attempts = new RefusedAttempts(Write, Time);
        foreach (var name in (string[])["ada", "ada", "bob", "bob", "eve", "eve"])
        {
            attempts.Add(
                new Attempt("Event", "SignInFailed", null, name, Role.None, null, "Wrong.", null, null, null), "10.0.0.1",
                isAnonymous: true);
        }
        failsAt = 4;

        Assert.Throws<InvalidOperationException>(attempts.Flush);
        failsAt = int.MaxValue;
        attempts.Flush();
        attempts.Flush();

        Assert.Equal(["ada", "bob", "eve", "ada", "bob", "eve"], lines.Select(static line => line.Actor));
        Assert.All(lines.Skip(3), static line => Assert.StartsWith("Wrong. (1 more from ", line.Why, StringComparison.Ordinal));

        void Write(Attempt line)
        {
            if (lines.Count == failsAt)
                throw new InvalidOperationException("The disk is full.");
            lines.Add(line);
        }
    }

    [Fact]
    public void Flush_KeepsALimitedNumberOfLines_AndCountsTheOthers()
    {
        const int Windows = 60, Names = 50;
        List<Attempt> lines = [];
        var isAway = false;
        var attempts = new RefusedAttempts(Write, Time);

        for (var window = 0; window < Windows; window++)
        {
            // The first of each is written; what is counted at the end of the window is not.
            for (var i = 0; i < 2 * Names; i++)
            {
                attempts.Add(
                    new Attempt(
                        "Event", "SignInFailed", i % 2 == 0 ? "acme" : null, $"name {i % Names}", Role.None, null, "Wrong.", null, null,
                        null),
                    $"10.0.0.{i % Names}", isAnonymous: true);
            }
            isAway = true;
            Assert.Throws<InvalidOperationException>(attempts.Flush);
            isAway = false;
        }
        lines.Clear();
        attempts.Flush();

        Assert.InRange(lines.Count, RefusedAttempts.MostUnwritten, RefusedAttempts.MostUnwritten + 2);
        Assert.Equal(
            Windows * Names,
            lines.Sum(static line =>
                int.Parse(line.Why.Split('(')[1].Split(' ')[0].Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)));
        var further = lines.Where(
            static line => line.Why.StartsWith("Refused attempts, while the audit could not be written.", StringComparison.Ordinal))
            .ToList();
        Assert.All(further, static line => Assert.Equal((null, null), (line.Actor, line.Target)));
        Assert.Equal(lines.Count - RefusedAttempts.MostUnwritten, further.Count);
        lines.Clear();
        attempts.Flush();
        Assert.Empty(lines);

        void Write(Attempt line)
        {
            if (isAway)
                throw new InvalidOperationException("The disk is full.");
            lines.Add(line);
        }
    }

    private static (HttpStatusCode, string, string) Plain(Answer answer) =>
        (answer.Status, answer.Body.Replace(answer.Field(Visitor.TokenField), "", StringComparison.Ordinal),
            string.Join(' ', answer.Headers.Keys.Order(StringComparer.Ordinal)));

    private Task<Visitor> StrangerAsync() => Site.WelcomeAsync("eve");

    private IReadOnlyList<AuditEntry> Denied() => [.. Site.Audit("acme").Where(static line => line.Phase == "Denied")];

    private sealed class ThrowingLogger : ILogger<AuditTrail>
    {
        public int Calls { get; private set; }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Calls++;
            throw new InvalidOperationException("The log is full.");
        }
    }
}
