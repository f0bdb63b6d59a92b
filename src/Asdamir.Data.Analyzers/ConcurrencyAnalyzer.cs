using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Asdamir.Data.Analyzers;

/// <summary>Reports <c>[DisableConcurrentExecution]</c> on a job.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ConcurrencyAnalyzer : JobAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.DisabledConcurrency];

    private protected override void Register(CompilationStartAnalysisContext context, JobTypes types)
    {
        if (types.DisableConcurrentExecution is not null)
            context.RegisterSymbolAction(symbol => Check(symbol, types), SymbolKind.NamedType, SymbolKind.Method);
    }

    private static void Check(SymbolAnalysisContext context, JobTypes types)
    {
        if (types.JobOf(context.Symbol) is null)
            return;
        foreach (var attribute in context.Symbol.GetAttributes())
        {
            if (JobTypes.Are(attribute.AttributeClass, types.DisableConcurrentExecution)
                && attribute.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken) is { } syntax)
            {
                context.ReportDiagnostic(Diagnostic.Create(Rules.DisabledConcurrency, syntax.GetLocation()));
            }
        }
    }
}
