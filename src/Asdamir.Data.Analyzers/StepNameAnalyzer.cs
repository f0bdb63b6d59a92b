using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Asdamir.Data.Analyzers;

/// <summary>Reports two steps of one name in one block of code: the second would get the result of the first.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StepNameAnalyzer : JobAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.SameStep];

    private protected override void Register(CompilationStartAnalysisContext context, JobTypes types)
    {
        if (types.Context is not null)
            context.RegisterOperationAction(operation => Check(operation, types), OperationKind.Block);
    }

    // Steps of different branches are not both executed, so only those that follow each other are compared.
    private static void Check(OperationAnalysisContext context, JobTypes types)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (var call in StepsOf((IBlockOperation)context.Operation, types))
        {
            if (call.Arguments.FirstOrDefault(static argument => argument.Parameter?.Name == "name") is
                { Value.ConstantValue: { HasValue: true, Value: string name } } argument
                && !names.Add(name))
            {
                context.ReportDiagnostic(Diagnostic.Create(Rules.SameStep, argument.Syntax.GetLocation(), name));
            }
        }
    }

    private static IEnumerable<IInvocationOperation> StepsOf(IBlockOperation block, JobTypes types) =>
        block.Operations
            .Where(static statement => statement is IExpressionStatementOperation or IVariableDeclarationGroupOperation or IReturnOperation)
            .SelectMany(static statement => statement.Descendants())
            .OfType<IInvocationOperation>()
            .Where(call => call.TargetMethod.Name == "StepAsync" && JobTypes.Are(call.TargetMethod.ContainingType, types.Context));
}
