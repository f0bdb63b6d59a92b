namespace Asdamir.Data.Docs.Tests.Language;

/// <summary>Lines are read beside each other in a review: none is longer than the limit of the editorconfig.</summary>
public sealed class LineLengthTests
{
    private const int Limit = 140;

    // Not wrapped yet. A file leaves the list when its lines are.
    private static readonly HashSet<string> Exceptions =
    [
        "bench/Fleet/Comparison.cs",
        "bench/IsolationUnderLoad/Measurement.cs",
        "bench/StorageComparison/GrownSchema.cs",
        "bench/StorageComparison/Growth.cs",
        "bench/StorageComparison/RetainedJobs.cs",
        "tests/Asdamir.AdminConsole.Tests/Database/MigrationTests.cs",
        "tests/Asdamir.AdminConsole.Tests/Features/Audit/AuditCsvTests.cs",
        "tests/Asdamir.AdminConsole.Tests/Shell/JobListQueryTests.cs",
        "tests/Asdamir.Data.Browser.Tests/ReferencePageTests.cs",
        "tests/Asdamir.Data.Docs.Tests/Language/PlainEnglishTests.cs",
        "tests/Asdamir.Data.Isolation.Tests/JobTables.cs",
        "tests/Asdamir.Data.Storage.CrashTests/Faults/RefusedTests.cs",
        "tests/Asdamir.Data.Storage.CrashTests/Faults/UnavailableTests.cs",
        "tests/Asdamir.Data.Storage.Tests/Differential/Reads.cs",
        "tests/Asdamir.Data.Storage.Tests/Differential/Side.cs",
        "tests/Asdamir.Data.Storage.Tests/PostgreSql/RoleDefaultsTests.cs",
        "tests/Asdamir.Data.Tests/Architecture/DetachedWorkTests.cs",
        "tests/Asdamir.Data.Tests/Architecture/TestNamesTests.cs",
        "tests/Asdamir.Data.Tests/Hostile/ForeignNamesTests.cs",
        "tests/Asdamir.Data.Tests/Hostile/HostilePayloadFuzzTests.cs",
        "tests/Asdamir.Data.Tests/Monitoring/FuzzTests.cs",
        "tests/Chaos/Accounts/Account.cs",
        "tests/Chaos/Faults/Injector.cs",
        "tests/Chaos/Soak/Sample.cs",
        "tests/Kit/Architecture/CultureBoundCalls.cs",
        "tests/Kit/Databases/FaultProxy.cs",
        "tests/Kit/Identity/Endpoints/Pages.cs",
    ];

    private static readonly string[] Kinds = [".cs", ".razor", ".js", ".css"];

    [Theory]
    [InlineData("bench")]
    [InlineData("samples")]
    [InlineData("src")]
    [InlineData("tests")]
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
