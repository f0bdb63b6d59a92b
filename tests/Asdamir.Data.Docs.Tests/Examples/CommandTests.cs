using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Asdamir.Data.Docs.Tests.Examples;

/// <summary>Commands in README and docs name files, options and variables that exist; SQL and XML are valid.</summary>
public sealed partial class CommandTests
{
    private static readonly CodeBlock[] Blocks = [.. Repository.Pages.SelectMany(static page => page.Blocks)];

    private static readonly CodeBlock[] Commands = [.. Blocks.Where(static block => block.Language is "sh" or "bash")];

    [Fact]
    public void Commands_NameFilesThatExist()
    {
        var files = Commands.SelectMany(
            static block => RepositoryPath().Matches(block.Text).Select(match => (Block: block, Path: match.Value)))
            .ToArray();

        Assert.NotEmpty(files);
        Assert.Empty(
            files.Where(static file => !Path.Exists(Repository.PathOf(file.Path))).Select(static file => $"{file.Block}: {file.Path}"));
    }

    [Fact]
    public void Commands_UseOptionsThatTheirProgramKnows()
    {
        string[] unknown =
        [
            .. from block in Commands
               from line in block.Text.Split('\n')
               let project = Project().Match(line)
               where project.Success && line.Contains(" -- ", StringComparison.Ordinal)
               let sources = SourcesOf(project.Groups[1].Value)
               from Match option in Option().Matches(line[line.IndexOf(" -- ", StringComparison.Ordinal)..])
               let name = option.Groups[1].Value
               where !name.StartsWith("filter-", StringComparison.Ordinal) && !name.Contains(':', StringComparison.Ordinal)
               where !sources.Contains($"\"--{name}\"", StringComparison.Ordinal)
                   && !sources.Contains($"\"{name}\"", StringComparison.OrdinalIgnoreCase)
               select $"{block}: --{name}",
        ];

        Assert.Empty(unknown);
    }

    [Fact]
    public void Commands_SetVariablesThatTestsRead()
    {
        var tests = SourcesOf("tests");
        string[] variables = [.. Commands.SelectMany(static block => Variable().Matches(block.Text).Select(static match => match.Value))];

        Assert.NotEmpty(variables);
        Assert.All(variables, name => Assert.Contains($"\"{name}\"", tests, StringComparison.Ordinal));
    }

    /// <summary>A source that is added for all of the machine stays when its folder is gone, and then breaks every restore.</summary>
    [Fact]
    public void NuGetSources_AreAddedToOneProjectOnly()
    {
        string[] lines =
        [
            .. Commands.SelectMany(static block => block.Text.Split('\n'))
                .Where(static line => line.Contains("nuget add source", StringComparison.Ordinal)),
        ];

        Assert.NotEmpty(lines);
        Assert.All(lines, static line => Assert.Contains("--configfile", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Languages_AreOnesThatTheseTestsCheck()
    {
        // "js" and blocks without a language show what a browser sends and what the API answers; their parts are tested with the API.
        // "cs" shows what the analyzers report; it is analyzed by their tests.
        Assert.Empty(Blocks.Select(static block => block.Language).Except(["csharp", "cs", "json", "sh", "sql", "xml", "js", ""]));
    }

    [Fact]
    public void Xml_IsWellFormed() =>
        Assert.All(Blocks.Where(static block => block.Language == "xml"), static block => XElement.Parse($"<x>{block.Text}</x>"));

    /// <summary>The statements that create roles are tested with the roles.</summary>
    [Fact]
    [NeedsPostgreSql]
    public async Task Queries_RunOnTheTablesOfTheStorage()
    {
        var database = await ExampleContext.CreateDatabaseAsync();
        using (var storage = new Asdamir.Data.Storage.PostgreSqlJobStorage(database))
            storage.GetMonitoringApi().GetStatistics();
        await using var source = Npgsql.NpgsqlDataSource.Create(database);
        string[] queries =
        [
            .. Blocks.Where(static block => block.Language == "sql" && !block.Text.StartsWith("CREATE ROLE", StringComparison.Ordinal))
                .SelectMany(static block => block.Text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)),
        ];

        Assert.NotEmpty(queries);
        foreach (var query in queries)
        {
            await using var command = source.CreateCommand(query);
            await command.ExecuteNonQueryAsync(ExampleContext.Cancellation);
        }
    }

    private static string SourcesOf(string folder) =>
        string.Concat(Directory.GetFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Where(static file => !Repository.IsGenerated(Repository.NameOf(file)))
            .Select(File.ReadAllText));

    [GeneratedRegex(@"(?<![\w./])(?:src|tests|bench|samples|eng)/[\w./-]*\w")]
    private static partial Regex RepositoryPath();

    [GeneratedRegex(@"--project ((?:src|tests|bench|samples|eng)/\S+)")]
    private static partial Regex Project();

    [GeneratedRegex(@"\s""?--([\w:-]+)")]
    private static partial Regex Option();

    [GeneratedRegex(@"ASDAMIR_\w+")]
    private static partial Regex Variable();
}
