using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Asdamir.Data.Analyzers.Tests;

/// <summary>Code that is analyzed by all rules. A line that a rule reports ends with a comment that names the rule.</summary>
internal static partial class Source
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Net.Http;
        using System.Text.Json.Serialization;
        using System.Threading;
        using System.Threading.Tasks;
        using Asdamir.Data.HangfireJobs;
        using Hangfire;

        """;

    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
    [
        .. typeof(JobAnalyzer).Assembly.GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    private static readonly ImmutableArray<CodeFixProvider> Fixes =
    [
        .. typeof(CodeFixes.TokenFix).Assembly.GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(CodeFixProvider)))
            .Select(static type => (CodeFixProvider)Activator.CreateInstance(type)!),
    ];

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    public static IEnumerable<DiagnosticDescriptor> Rules => Analyzers.SelectMany(static analyzer => analyzer.SupportedDiagnostics);

    /// <summary>Checks that exactly the marked lines are reported.</summary>
    /// <returns>The messages.</returns>
    public static async Task<IReadOnlyList<string>> IsReportedAsMarkedAsync(string code)
    {
        var diagnostics = await ReportedAsync(Usings + code);
        var lines = (Usings + code).Split('\n');
        var expected = lines.SelectMany(static (line, number) => Mark().Matches(line).Select(mark => $"{number + 1} {mark.Value}: {line}"));
        var reported = diagnostics.Select(diagnostic =>
        {
            var number = diagnostic.Location.GetLineSpan().StartLinePosition.Line;
            return $"{number + 1} {diagnostic.Id}: {lines[number]}";
        });

        Assert.Equal(expected.Order(StringComparer.Ordinal), reported.Order(StringComparer.Ordinal));
        return [.. diagnostics.Select(static diagnostic => diagnostic.GetMessage(null))];
    }

    /// <summary>Applies the code fix of each finding, one after the other, as an editor does.</summary>
    public static async Task<string> FixedAsync(string code)
    {
        using var workspace = new AdhocWorkspace();
        var project = workspace.AddProject("App", LanguageNames.CSharp)
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .WithMetadataReferences(References);
        var document = project.AddDocument("App.cs", Usings + code);
        for (var round = 0; await FixOfAsync(document) is { } action; round++)
        {
            Assert.True(round < 20, "A fix leaves its finding.");
            var operations = await action.GetOperationsAsync(TestContext.Current.CancellationToken);
            document = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
        }
        return (await document.GetTextAsync(TestContext.Current.CancellationToken)).ToString()[Usings.Length..];
    }

    private static async Task<CodeAction?> FixOfAsync(Document document)
    {
        var compilation = (await document.Project.GetCompilationAsync(TestContext.Current.CancellationToken))!;
        Assert.Empty(compilation.GetDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        var reported = await compilation.WithAnalyzers(Analyzers).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        foreach (var diagnostic in reported)
        {
            foreach (var fix in Fixes.Where(fix => fix.FixableDiagnosticIds.Contains(diagnostic.Id)))
            {
                CodeAction? found = null;
                await fix.RegisterCodeFixesAsync(new CodeFixContext(
                    document, diagnostic, (action, _) => found = action, TestContext.Current.CancellationToken));
                if (found is not null)
                    return found;
            }
        }
        return null;
    }

    private static async Task<ImmutableArray<Diagnostic>> ReportedAsync(string code)
    {
        var compilation = CSharpCompilation.Create(
            "App", [CSharpSyntaxTree.ParseText(code)], References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.Empty(compilation.GetDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return await compilation.WithAnalyzers(Analyzers).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("ADJ[0-9]{4}")]
    private static partial Regex Mark();
}
