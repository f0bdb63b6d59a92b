using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Asdamir.Data.Docs.Tests.Examples;

/// <summary>Compiles examples as the project of a reader would, and loads them.</summary>
internal static partial class Compilation
{
    private const string WebUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Net.Http.Json;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    private static readonly CSharpParseOptions ParseOptions = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    // What a project with references to the same packages would see: everything that this process may load.
    private static readonly Lazy<List<PortableExecutableReference>> References = new(static () =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(static file => Path.GetExtension(file) == ".dll")
            .Select(static file => MetadataReference.CreateFromFile(file)),
    ]);

    // References to older versions of assemblies.
    private static readonly Dictionary<string, ReportDiagnostic> NotReportedByTheSdk =
        new() { ["CS1701"] = ReportDiagnostic.Suppress, ["CS1702"] = ReportDiagnostic.Suppress };

    private static int _count;

    /// <param name="source">The source, with examples in it.</param>
    public static Assembly Load(string source)
    {
        var name = $"Example{Interlocked.Increment(ref _count)}";
        var tree = CSharpSyntaxTree.ParseText(WithUsingsFirst(source), ParseOptions);
        var hasProgram = tree.GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any();
        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(WebUsings, ParseOptions), tree],
            References.Value,
            new CSharpCompilationOptions(
                hasProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable,
                specificDiagnosticOptions: NotReportedByTheSdk));
        using MemoryStream assembly = new();
        var result = compilation.Emit(assembly);
        string[] faults =
        [
            .. result.Diagnostics
                .Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
                .Select(static diagnostic => diagnostic.ToString()),
        ];
        Assert.True(faults.Length == 0, string.Join('\n', faults));
        assembly.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(assembly);
    }

    // An example shows the namespaces it needs, also in the middle of its surrounding.
    private static string WithUsingsFirst(string source)
    {
        StringBuilder usings = new();
        var rest = UsingLine().Replace(source, match =>
        {
            if (!usings.ToString().Contains(match.Groups[1].Value, StringComparison.Ordinal))
                usings.AppendLine(match.Groups[1].Value);
            return "";
        });
        return $"{usings}{rest}";
    }

    [GeneratedRegex(@"^\s*(using [\w.]+;).*$", RegexOptions.Multiline)]
    private static partial Regex UsingLine();
}
