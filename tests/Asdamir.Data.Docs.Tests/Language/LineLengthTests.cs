namespace Asdamir.Data.Docs.Tests.Language;

/// <summary>Lines are read beside each other in a review: none is longer than the limit of the editorconfig.</summary>
public sealed class LineLengthTests
{
    private const int Limit = 140;

    // Not wrapped yet. A file leaves the list when its lines are.
    private static readonly HashSet<string> Exceptions =
    [
        "src/Asdamir.AdminConsole/Features/Audit/AuditFeature.cs",
        "src/Asdamir.AdminConsole/Features/Audit/AuditFile.cs",
        "src/Asdamir.AdminConsole/Features/Audit/AuditPage.razor",
        "src/Asdamir.AdminConsole/Features/Audit/AuditTrail.cs",
        "src/Asdamir.AdminConsole/Features/Audit/RefusedAttempts.cs",
        "src/Asdamir.AdminConsole/Features/Recurring/CronWords.cs",
        "src/Asdamir.AdminConsole/Features/SignIn/AccountPage.razor",
        "src/Asdamir.AdminConsole/Features/SignIn/LocalSignIn.cs",
        "src/Asdamir.AdminConsole/Features/SignIn/OpenIdConnectSignIn.cs",
        "src/Asdamir.AdminConsole/Hosting/ActionAuthorization.cs",
        "src/Asdamir.AdminConsole/Shell/JobListQuery.cs",
        "src/Asdamir.AdminConsole/Shell/Live/LiveFeed.cs",
        "src/Asdamir.AdminConsole/Shell/Live/LiveFragments.cs",
        "src/Asdamir.AdminConsole/Shell/Live/LiveStream.cs",
        "src/Asdamir.AdminConsole/Shell/UserMenu.razor",
        "src/Asdamir.AdminConsole/wwwroot/console.js",
        "src/Asdamir.Data.Storage/Contract/JobIds.cs",
        "src/Asdamir.Data.Storage/Database/Session.cs",
        "src/Asdamir.Data.Storage/JobQuery.cs",
        "src/Asdamir.Data.Storage/PostgreSql/PostgreSqlCommitConnection.cs",
        "src/Asdamir.Data.Storage/PostgreSql/PostgreSqlWriteSql.cs",
        "src/Asdamir.Data.Storage/Reads/JobSearch.cs",
        "src/Asdamir.Data.Storage/Reads/SearchSql.cs",
        "src/Asdamir.Data.Storage/Writes/Committer.cs",
        "src/Asdamir.Data/HangfireJobs/Dashboard/MaskedConnection.cs",
        "src/Asdamir.Data/HangfireJobs/Execution/ContinuationFilter.cs",
        "src/Asdamir.Data/HangfireJobs/Execution/EnvelopeFilterProvider.cs",
        "src/Asdamir.Data/HangfireJobs/Hosting/JobMonitor.cs",
        "src/Asdamir.Data/HangfireJobs/Hosting/OutageLog.cs",
        "src/Asdamir.Data/HangfireJobs/Monitoring/Actions/AuditedActions.cs",
        "src/Asdamir.Data/HangfireJobs/Monitoring/Composition/StorageJobMonitor.cs",
        "src/Asdamir.Data/HangfireJobs/Monitoring/Reads/IndexedJobs.cs",
        "src/Asdamir.Data/HangfireJobs/StoredJobs/SecretMask.cs",
        "src/Asdamir.Data/HangfireJobs/StoredJobs/SecretNames.cs",
        "src/Asdamir.Data/HangfireJobs/StoredJobs/SecretText.cs",
    ];

    private static readonly string[] Kinds = [".cs", ".razor", ".js", ".css"];

    [Theory]
    [InlineData("src")]
    public void Lines_AreNotLongerThanTheLimit(string root)
    {
        var files = Directory.EnumerateFiles(Repository.PathOf(root), "*", SearchOption.AllDirectories)
            .Where(static file => Kinds.Contains(Path.GetExtension(file)))
            .Select(static file => (File: file, Name: Repository.NameOf(file)))
            .Where(static file => !Repository.IsGenerated(file.Name) && !Exceptions.Contains(file.Name))
            .ToList();
        Assert.NotEmpty(files);

        Assert.Empty(
            from file in files
            from line in File.ReadLines(file.File).Select(static (text, index) => (Text: text, Number: index + 1))
            where line.Text.Length > Limit
            select $"{file.Name}:{line.Number} has {line.Text.Length} columns");
    }
}
