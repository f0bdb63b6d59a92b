using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Asdamir.Data.Analyzers;

/// <summary>Reports asynchronous calls of a job that do not get its token although they could.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TokenAnalyzer : JobAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.TokenNotPassed];

    private protected override void Register(CompilationStartAnalysisContext context, JobTypes types) =>
        context.RegisterOperationAction(operation => Check(operation, types), OperationKind.Invocation);

    private static void Check(OperationAnalysisContext context, JobTypes types)
    {
        var call = (IInvocationOperation)context.Operation;
        // The context uses the token of the job where none is given.
        if (JobTypes.Are(call.TargetMethod.ContainingType, types.Context))
            return;
        if (!types.IsTask(call.Type) || types.ExecuteMethodOf(context.ContainingSymbol) is not { } execute)
            return;
        if (execute.Parameters.LastOrDefault(parameter => JobTypes.Are(parameter.Type, types.CancellationToken)) is not { } token)
            return;
        if ((ParameterLeftOut(call, types) ?? ParameterOfOverload(call.TargetMethod, types)) is { } parameter)
        {
            var properties = ImmutableDictionary<string, string?>.Empty
                .Add(Fixable.Token, token.Name)
                .Add(Fixable.Parameter, parameter);
            context.ReportDiagnostic(
                Diagnostic.Create(Rules.TokenNotPassed, call.Syntax.GetLocation(), properties, call.TargetMethod.Name, token.Name));
        }
    }

    private static string? ParameterLeftOut(IInvocationOperation call, JobTypes types) =>
        call.Arguments.FirstOrDefault(argument =>
            argument.ArgumentKind == ArgumentKind.DefaultValue && JobTypes.Are(argument.Parameter?.Type, types.CancellationToken))
            ?.Parameter?.Name;

    // It is the last one, so it needs no name.
    private static string? ParameterOfOverload(IMethodSymbol method, JobTypes types) => HasOverloadWithToken(method, types) ? "" : null;

    private static bool HasOverloadWithToken(IMethodSymbol method, JobTypes types)
    {
        var called = (method.ReducedFrom ?? method).OriginalDefinition;
        if (called.Parameters.Any(parameter => JobTypes.Are(parameter.Type, types.CancellationToken)))
            return false;
        return called.ContainingType.GetMembers(called.Name).OfType<IMethodSymbol>().Any(other =>
            other.IsStatic == called.IsStatic
            && other.Arity == called.Arity
            && other.DeclaredAccessibility >= called.DeclaredAccessibility
            && other.Parameters.Length == called.Parameters.Length + 1
            && JobTypes.Are(other.Parameters[called.Parameters.Length].Type, types.CancellationToken)
            && called.Parameters.Zip(other.Parameters, AreAlike).All(static alike => alike));
    }

    // Type parameters of two methods are never equal, so they are compared by their place.
    private static bool AreAlike(IParameterSymbol one, IParameterSymbol other) =>
        one.RefKind == other.RefKind && one.Type.ToDisplayString() == other.Type.ToDisplayString();
}
