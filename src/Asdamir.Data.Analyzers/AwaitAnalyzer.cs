using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Asdamir.Data.Analyzers;

/// <summary>Reports work that a job neither awaits nor should wait for: async void, dropped tasks, blocking waits.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AwaitAnalyzer : JobAnalyzer
{
    private static readonly string[] Waits = ["Wait", "WaitAll", "WaitAny"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.AsyncVoid, Rules.NotAwaited, Rules.BlockingWait];

    private protected override void Register(CompilationStartAnalysisContext context, JobTypes types)
    {
        context.RegisterSymbolAction(symbol => CheckMethod(symbol, types), SymbolKind.Method);
        context.RegisterOperationAction(
            operation => CheckLambda(operation, types), OperationKind.AnonymousFunction, OperationKind.LocalFunction);
        context.RegisterOperationAction(operation => CheckStatement(operation, types), OperationKind.ExpressionStatement);
        context.RegisterOperationAction(operation => CheckCall(operation, types), OperationKind.Invocation);
        context.RegisterOperationAction(operation => CheckResult(operation, types), OperationKind.PropertyReference);
    }

    private static void CheckMethod(SymbolAnalysisContext context, JobTypes types)
    {
        if (context.Symbol is IMethodSymbol { IsAsync: true, ReturnsVoid: true } method && types.IsJob(method.ContainingType))
            context.ReportDiagnostic(Diagnostic.Create(Rules.AsyncVoid, method.Locations[0], method.Name));
    }

    private static void CheckLambda(OperationAnalysisContext context, JobTypes types)
    {
        var function = context.Operation is ILocalFunctionOperation local
            ? local.Symbol
            : ((IAnonymousFunctionOperation)context.Operation).Symbol;
        if (function is { IsAsync: true, ReturnsVoid: true } && types.JobOf(context.ContainingSymbol) is not null)
        {
            var name = function.MethodKind == MethodKind.LocalFunction ? function.Name : "This lambda";
            context.ReportDiagnostic(Diagnostic.Create(Rules.AsyncVoid, function.Locations[0], name));
        }
    }

    // As in "Send();" and "_ = Send();".
    private static void CheckStatement(OperationAnalysisContext context, JobTypes types)
    {
        var expression = ((IExpressionStatementOperation)context.Operation).Operation;
        var dropped = expression is ISimpleAssignmentOperation { Target: IDiscardOperation, Value: var value } ? value : expression;
        while (dropped is IConversionOperation conversion)
            dropped = conversion.Operand;
        if (dropped is IInvocationOperation call && types.IsTask(call.Type) && types.JobOf(context.ContainingSymbol) is not null)
            context.ReportDiagnostic(Diagnostic.Create(Rules.NotAwaited, call.Syntax.GetLocation(), call.TargetMethod.Name));
    }

    private static void CheckCall(OperationAnalysisContext context, JobTypes types)
    {
        var call = (IInvocationOperation)context.Operation;
        var method = call.TargetMethod;
        var isBlocking = (types.IsTask(method.ContainingType) && Waits.Contains(method.Name))
            || (method.Name == "GetResult"
                && call.Instance is IInvocationOperation { TargetMethod.Name: "GetAwaiter", Instance: { } awaited }
                && types.IsTask(awaited.Type))
            || (JobTypes.Are(method.ContainingType, types.Thread) && method.Name == "Sleep");
        if (isBlocking && types.ExecuteMethodOf(context.ContainingSymbol) is not null)
            context.ReportDiagnostic(Diagnostic.Create(Rules.BlockingWait, call.Syntax.GetLocation(), method.Name));
    }

    private static void CheckResult(OperationAnalysisContext context, JobTypes types)
    {
        var property = ((IPropertyReferenceOperation)context.Operation).Property;
        var isBlocking = property.Name == "Result" && types.IsTask(property.ContainingType);
        if (isBlocking && types.ExecuteMethodOf(context.ContainingSymbol) is not null)
            context.ReportDiagnostic(Diagnostic.Create(Rules.BlockingWait, context.Operation.Syntax.GetLocation(), property.Name));
    }
}
