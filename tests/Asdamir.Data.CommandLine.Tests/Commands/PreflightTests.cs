using System.Text.Json;
using Asdamir.Data.CommandLine.Tests.Builds;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Monitoring;
using Asdamir.Data.Storage;
using Hangfire;
using Hangfire.Common;
using Hangfire.States;

namespace Asdamir.Data.CommandLine.Tests.Commands;

public sealed class PreflightTests
{
    private const string SameMail = "public sealed record Mail(string To, string? Password = null); ";
    private const string SameJob = SameMail + "public sealed class MailJob : IJob<Mail> " + CompiledBuild.Nothing;

    public static TheoryData<bool> Databases => [false, true];

    [Theory]
    [MemberData(nameof(Databases))]
    [NeedsPostgreSql]
    public async Task Build_Passes_WhenItHasAllThatIsStored(bool onPostgreSql)
    {
        await using var schema = onPostgreSql
            ? await TestSchema.PostgreSqlAsync(await SharedPostgres.GetAsync())
            : await TestSchema.SqliteAsync();
        schema.Jobs.Enqueue<MailJob, Mail>(new Mail("a@example.com", "hunter2"));
        schema.Jobs.Schedule<MailJob, Mail>(new Mail("b@example.com"), TimeSpan.FromDays(1));
        schema.Jobs.AddOrUpdateRecurring<MailJob, Mail>(new Mail("c@example.com"), "0 2 * * *", new RecurringOptions { Id = "nightly" });

        var run = await schema.RunAsync("preflight", "--build", CompiledBuild.Write(schema.Folder, SameJob));

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("The build can execute what was tried.", run.Out, StringComparison.Ordinal);
        Assert.Contains("MailJob   2     1          2                    yes", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    [NeedsPostgreSql]
    public async Task Build_IsRefused_WhenAJobTypeIsMissing_OrReadsOtherArguments(bool onPostgreSql)
    {
        await using var schema = onPostgreSql
            ? await TestSchema.PostgreSqlAsync(await SharedPostgres.GetAsync())
            : await TestSchema.SqliteAsync();
        var job = schema.Jobs.Enqueue<MailJob, Mail>(new Mail("a@example.com"));

        var missing = await PreflightAsync(schema, "public sealed class OtherJob : IJob " + NoArguments);
        var unreadable = await PreflightAsync(
            schema, "public sealed record Mail(int To); public sealed class MailJob : IJob<Mail> " + CompiledBuild.Nothing);

        Assert.Equal((ExitCode.Refused, JobFindingKind.JobTypeMissing, job), Only(missing));
        Assert.Equal((ExitCode.Refused, JobFindingKind.ArgumentsUnreadable, job), Only(unreadable));
    }

    [Fact]
    public async Task RenamedJobType_Passes_WhenItSaysItsFormerName()
    {
        await using var schema = await TestSchema.SqliteAsync();
        schema.Jobs.Enqueue<MailJob, Mail>(new Mail("a@example.com"));

        var run = await PreflightAsync(
            schema, SameMail + "[FormerlyKnownAs(\"MailJob\")] public sealed class SendMailJob : IJob<Mail> " + CompiledBuild.Nothing);

        Assert.Equal(ExitCode.Done, run.ExitCode);
    }

    [Fact]
    public async Task RenamedProperty_IsAWarning_AsTheJobWouldGetAnotherValue()
    {
        await using var schema = await TestSchema.SqliteAsync();
        schema.Jobs.Enqueue<MailJob, Mail>(new Mail("a@example.com"));
        const string Renamed =
            "public sealed record Mail(string Address, string? Password = null); public sealed class MailJob : IJob<Mail> "
            + CompiledBuild.Nothing;

        var run = await PreflightAsync(schema, Renamed);
        var strict = await PreflightAsync(schema, Renamed, "--fail-on", "Warning");

        Assert.Equal((ExitCode.Done, ExitCode.Refused), (run.ExitCode, strict.ExitCode));
        Assert.Contains("$.to", Finding(run).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Step_ThatTheCodeNoLongerNames_IsAWarning()
    {
        await using var schema = await TestSchema.SqliteAsync();
        var job = schema.Fail();
        WriteStep(schema, job, 0, "charge");
        WriteStep(schema, job, 1, "page 17");
        WriteStep(schema, job, 2, "book");
        const string Steps = """
            public sealed class Names { public static string Page(int n) => $"page {n}"; public const string Book = "book"; }
            public sealed class Uses { public static string Of() => Names.Book; }
            """;

        var run = await PreflightAsync(schema, SameJob + Steps);

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal((nameof(JobFindingKind.StepMissing), "charge"), (Kind(Finding(run)), Finding(run).GetProperty("value").GetString()));
    }

    [Fact]
    public async Task FailedJob_IsAWarning_AsOnlyARequeueWouldExecuteIt()
    {
        await using var schema = await TestSchema.SqliteAsync();
        schema.Fail();

        var run = await PreflightAsync(schema, "public sealed class OtherJob : IJob " + NoArguments);

        Assert.Equal((ExitCode.Done, JobFindingKind.JobTypeMissing), (run.ExitCode, Only(run).Kind));
    }

    [Fact]
    public async Task RecurringJob_OfAMissingType_IsRefused_AndOfAnotherAppIsNotTried()
    {
        await using var schema = await TestSchema.SqliteAsync();
        schema.Jobs.AddOrUpdateRecurring<MailJob, Mail>(new Mail("c@example.com"), "0 2 * * *", new RecurringOptions { Id = "nightly" });
        var build = CompiledBuild.Write(schema.Folder, "public sealed class OtherJob : IJob " + NoArguments);

        var own = await schema.RunAsync("preflight", "--build", build, "--json");
        var other = await schema.RunAsync("preflight", "--build", build, "--app", "hr", "--json");

        Assert.Equal((ExitCode.Refused, "recurring job crm:nightly"), (own.ExitCode, Finding(own).GetProperty("target").GetString()));
        Assert.Equal(ExitCode.Done, other.ExitCode);
    }

    [Fact]
    public async Task FaultsOfTheBuild_AreFound_BeforeItsAppRefusesToStart()
    {
        await using var schema = await TestSchema.SqliteAsync();

        var run = await PreflightAsync(schema, "[RecurringJob(\"99 2 * * *\")] public sealed class NightlyJob : IJob " + NoArguments);

        Assert.Equal((ExitCode.Refused, nameof(JobFindingKind.BuildFault)), (run.ExitCode, Kind(Finding(run))));
        Assert.Contains("99 2 * * *", Finding(run).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostileRows_AreFindings_WhateverTheyContain()
    {
        await using var schema = await TestSchema.SqliteAsync();
        for (var number = 0; number < 5; number++)
            schema.Jobs.Enqueue<HostileJob, string>(Hostile.Text);
        foreach (var (hole, text) in new[]
        {
            (1, "x"), (2, """["\"MailJob\"","{\"v\":1,\"args\":\"\\uD800\"}",null,null]"""),
            (3, """["\"MailJob\"","{\"v\":99}",null,null]"""), (4, """["\"MailJob\"","{\"v\":1,\"args\":{\"$type\":\"x\"}}",null,null]"""),
        })
        {
            schema.Execute($"UPDATE job SET arguments = '{text}' WHERE id = (SELECT min(id) + {hole} FROM job)");
        }
        var client = new BackgroundJobClient(schema.Storage);
        client.Create(Job.FromExpression(() => Console.WriteLine(Hostile.Text), "crm"), new EnqueuedState("crm"));

        var run = await schema.RunAsync("preflight", "--build", CompiledBuild.Write(schema.Folder, SameJob));

        Assert.Equal(ExitCode.Refused, run.ExitCode);
        Assert.DoesNotContain(run.Out + run.Error, static c => char.IsControl(c) && c is not ('\n' or '\r'));
        Assert.Contains("JobTypeMissing", run.Out, StringComparison.Ordinal);
        Assert.Contains("UnreadableJob", run.Out, StringComparison.Ordinal);
        Assert.Contains("PlainJob", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyJobs_AreReadFromBothEnds_UpToALimit()
    {
        await using var schema = await TestSchema.SqliteAsync();
        schema.Jobs.EnqueueMany<MailJob, Mail>([.. Enumerable.Range(0, 50).Select(static number => new Mail($"{number}@example.com"))]);

        var some = Document(await PreflightAsync(schema, SameJob, "--most", "10"));
        var all = Document(await PreflightAsync(schema, SameJob, "--most", "60"));

        Assert.Equal((false, 10), (some.GetProperty("complete").GetBoolean(), Tried(some)));
        Assert.Equal((true, 50), (all.GetProperty("complete").GetBoolean(), Tried(all)));
    }

    [Fact]
    public async Task Documents_AreAsPinned()
    {
        await using var schema = await TestSchema.SqliteAsync();
        schema.Jobs.Enqueue<MailJob, Mail>(new Mail("a@example.com", "hunter2"));
        schema.Jobs.Enqueue<HostileJob, string>("text");

        await Golden.AssertAsync("preflight", (await PreflightAsync(schema, SameJob)).Out);
    }

    [Fact]
    public async Task Folder_ThatIsNoBuild_IsRefusedWithTheFix()
    {
        await using var schema = await TestSchema.SqliteAsync();

        var missing = await schema.RunAsync("preflight", "--build", "nowhere");
        var empty = await schema.RunAsync("preflight", "--build", schema.Folder);

        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (missing.ExitCode, empty.ExitCode));
        Assert.Contains("is not a folder", missing.Error, StringComparison.Ordinal);
        Assert.Contains("Fix: name the folder that 'dotnet publish' wrote", empty.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RealTool_LoadsTheBuild_WithTheRealPackages()
    {
        await using var schema = await TestSchema.SqliteAsync();
        schema.Jobs.Enqueue<MailJob, Mail>(new Mail("a@example.com"));
        var build = CompiledBuild.Write(
            schema.Folder, "public sealed record Mail(int To); public sealed class MailJob : IJob<Mail> " + CompiledBuild.Nothing);

        var run = await ToolRun.ProcessAsync(schema.Folder, ["preflight", "--build", build, "--json", "--settings", schema.Settings]);

        Assert.Equal((ExitCode.Refused, JobFindingKind.ArgumentsUnreadable), (run.ExitCode, Only(run).Kind));
    }

    private const string NoArguments =
        "{ public Task<JobResult> ExecuteAsync(IJobContext ctx, CancellationToken ct = default) => Task.FromResult(JobResult.Success()); }";

    private static Task<ToolRun> PreflightAsync(TestSchema schema, string code, params string[] options) =>
        schema.RunAsync(["preflight", "--json", "--build", CompiledBuild.Write(schema.Folder, code), .. options]);

    private static void WriteStep(TestSchema schema, string job, int number, string name) =>
        ((IJobMetadata)schema.Storage).WriteMetadata(job, new Dictionary<string, string>
        {
            [$"Step.{number}"] =
                $$"""{"name":"{{name}}","startedAt":"2026-01-01T00:00:00Z","endedAt":"2026-01-01T00:00:01Z","attempt":1,"result":null}""",
        });

    private static (int ExitCode, JobFindingKind Kind, string Jobs) Only(ToolRun run) => (
        run.ExitCode, Enum.Parse<JobFindingKind>(Kind(Finding(run))),
        string.Join(' ', Finding(run).GetProperty("jobIds").EnumerateArray().Select(static id => id.GetString())));

    private static string Kind(JsonElement finding) => finding.GetProperty("kind").GetString()!;

    private static JsonElement Finding(ToolRun run) => Assert.Single(Document(run).GetProperty("findings").EnumerateArray().ToList());

    private static int Tried(JsonElement document) => document.GetProperty("tried")[0].GetProperty("jobs").GetInt32();

    private static JsonElement Document(ToolRun run)
    {
        Assert.True(run.Error.Length == 0 || run.Out.Length > 0, run.Error);
        return JsonElement.Parse(run.Out);
    }
}
