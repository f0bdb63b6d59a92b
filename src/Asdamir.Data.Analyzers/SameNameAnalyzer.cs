using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Asdamir.Data.Analyzers;

/// <summary>
/// Reports job types of one compilation that have the same name, which an app that registers both refuses at its start. Those that are
/// registered one by one may belong to different apps.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SameNameAnalyzer : JobAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.SameName];

    private protected override void Register(CompilationStartAnalysisContext context, JobTypes types)
    {
        var jobs = new ConcurrentBag<INamedTypeSymbol>();
        var registered = new ConcurrentBag<ITypeSymbol>();
        context.RegisterSymbolAction(
            symbol =>
            {
                if (symbol.Symbol is INamedTypeSymbol { IsAbstract: false, IsGenericType: false } type && types.IsJob(type))
                    jobs.Add(type);
            },
            SymbolKind.NamedType);
        context.RegisterOperationAction(
            operation =>
            {
                var method = ((IInvocationOperation)operation.Operation).TargetMethod;
                if (method is { Name: "AddJob", TypeArguments: { Length: > 0 } arguments })
                    registered.Add(arguments[0]);
            },
            OperationKind.Invocation);
        context.RegisterCompilationEndAction(end =>
            Report(end, types, jobs.Where(job => !registered.Contains(job, SymbolEqualityComparer.Default))));
    }

    private static void Report(CompilationAnalysisContext context, JobTypes types, IEnumerable<INamedTypeSymbol> jobs)
    {
        foreach (var same in jobs.GroupBy(job => NameOf(job, types)).Where(static same => same.Count() > 1))
        {
            var ordered = same.OrderBy(static job => job.ToDisplayString(), StringComparer.Ordinal).ToList();
            foreach (var job in ordered.Skip(1))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Rules.SameName, job.Locations[0], ordered[0].ToDisplayString(), job.ToDisplayString(), same.Key));
            }
        }
    }

    private static string NameOf(INamedTypeSymbol job, JobTypes types)
    {
        var attribute = job.GetAttributes().FirstOrDefault(attribute => JobTypes.Are(attribute.AttributeClass, types.JobName));
        return attribute?.ConstructorArguments.FirstOrDefault().Value as string ?? job.Name;
    }
}
