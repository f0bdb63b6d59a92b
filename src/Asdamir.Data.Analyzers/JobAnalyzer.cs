using Microsoft.CodeAnalysis.Diagnostics;

namespace Asdamir.Data.Analyzers;

/// <summary>An analyzer of a compilation that uses the package.</summary>
public abstract class JobAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (JobTypes.Of(start.Compilation) is { } types)
                Register(start, types);
        });
    }

    private protected abstract void Register(CompilationStartAnalysisContext context, JobTypes types);
}
