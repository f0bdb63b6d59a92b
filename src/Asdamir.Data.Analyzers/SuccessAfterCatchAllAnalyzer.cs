using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Asdamir.Data.Analyzers;

/// <summary>Reports a job that returns success from a <c>catch</c> of every exception.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SuccessAfterCatchAllAnalyzer : JobAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.SuccessAfterCatchAll];

    private protected override void Register(CompilationStartAnalysisContext context, JobTypes types) =>
        context.RegisterOperationAction(operation => Check(operation, types), OperationKind.CatchClause);

    private static void Check(OperationAnalysisContext context, JobTypes types)
    {
        var clause = (ICatchClauseOperation)context.Operation;
        if (clause.Filter is not null
            || !(clause.ExceptionType.SpecialType == SpecialType.System_Object || JobTypes.Are(clause.ExceptionType, types.Exception))
            || types.JobOf(context.ContainingSymbol) is not { } job)
        {
            return;
        }
        foreach (var returned in clause.Handler.Descendants().OfType<IReturnOperation>())
        {
            if (IsSuccess(returned.ReturnedValue, types))
                context.ReportDiagnostic(Diagnostic.Create(Rules.SuccessAfterCatchAll, returned.Syntax.GetLocation(), job.Name));
        }
    }

    // Also as Task.FromResult(JobResult.Success()).
    private static bool IsSuccess(IOperation? value, JobTypes types) => value switch
    {
        IConversionOperation conversion => IsSuccess(conversion.Operand, types),
        IInvocationOperation { TargetMethod: { Name: "Success" } method } => JobTypes.Are(method.ContainingType, types.Result),
        IInvocationOperation { TargetMethod.Name: "FromResult", Arguments.Length: 1 } call => IsSuccess(call.Arguments[0].Value, types),
        IObjectCreationOperation { Arguments.Length: 1 } creation when types.IsTask(creation.Type) =>
            IsSuccess(creation.Arguments[0].Value, types),
        _ => false,
    };
}
