using Microsoft.CodeAnalysis;

namespace Asdamir.Data.Analyzers;

/// <summary>The types of the contract, and what is a job.</summary>
internal sealed class JobTypes
{
    private const string Namespace = "Asdamir.Data.HangfireJobs.";
    private const string Execute = "ExecuteAsync";

    private readonly INamedTypeSymbol _job;
    private readonly INamedTypeSymbol _jobWithArguments;

    private JobTypes(Compilation compilation, INamedTypeSymbol job, INamedTypeSymbol jobWithArguments)
    {
        _job = job;
        _jobWithArguments = jobWithArguments;
        Context = Find(compilation, Namespace + "IJobContext");
        Result = Find(compilation, Namespace + "JobResult");
        JobName = Find(compilation, Namespace + "JobNameAttribute");
        RecurringJob = Find(compilation, Namespace + "RecurringJobAttribute");
        RecurringOptions = Find(compilation, Namespace + "RecurringOptions");
        Service = Find(compilation, Namespace + "IHangfireJobService");
        DisableConcurrentExecution = Find(compilation, "Hangfire.DisableConcurrentExecutionAttribute");
        Exception = Find(compilation, "System.Exception");
        CancellationToken = Find(compilation, "System.Threading.CancellationToken");
        Task = Find(compilation, "System.Threading.Tasks.Task");
        TaskOfResult = Find(compilation, "System.Threading.Tasks.Task`1");
        ValueTask = Find(compilation, "System.Threading.Tasks.ValueTask");
        ValueTaskOfResult = Find(compilation, "System.Threading.Tasks.ValueTask`1");
        Thread = Find(compilation, "System.Threading.Thread");
    }

    public INamedTypeSymbol? Context { get; }

    public INamedTypeSymbol? Result { get; }

    public INamedTypeSymbol? JobName { get; }

    public INamedTypeSymbol? RecurringJob { get; }

    public INamedTypeSymbol? RecurringOptions { get; }

    public INamedTypeSymbol? Service { get; }

    public INamedTypeSymbol? DisableConcurrentExecution { get; }

    public INamedTypeSymbol? Exception { get; }

    public INamedTypeSymbol? CancellationToken { get; }

    public INamedTypeSymbol? Task { get; }

    public INamedTypeSymbol? TaskOfResult { get; }

    public INamedTypeSymbol? ValueTask { get; }

    public INamedTypeSymbol? ValueTaskOfResult { get; }

    public INamedTypeSymbol? Thread { get; }

    /// <returns><see langword="null"/> when the compilation does not use the package.</returns>
    public static JobTypes? Of(Compilation compilation) =>
        Find(compilation, Namespace + "IJob") is { } job && Find(compilation, Namespace + "IJob`1") is { } jobWithArguments
            ? new JobTypes(compilation, job, jobWithArguments)
            : null;

    public static bool Are(ISymbol? one, ISymbol? other) => one is not null && SymbolEqualityComparer.Default.Equals(one, other);

    public bool IsJob(INamedTypeSymbol? type) =>
        type is { TypeKind: TypeKind.Class } && type.AllInterfaces.Any(contract => Are(contract, _job) || IsWithArguments(contract));

    /// <returns>The type of a job's arguments; <see langword="null"/> when it takes none.</returns>
    public ITypeSymbol? ArgumentsOf(INamedTypeSymbol type) =>
        type.AllInterfaces.FirstOrDefault(IsWithArguments)?.TypeArguments[0];

    /// <returns>The method of a job that contains a symbol, such as a lambda in it; <see langword="null"/> for any other symbol.</returns>
    public IMethodSymbol? ExecuteMethodOf(ISymbol? symbol)
    {
        for (; symbol is not null; symbol = symbol.ContainingSymbol)
        {
            if (symbol is IMethodSymbol { Name: Execute } method && IsJob(method.ContainingType))
                return method;
        }
        return null;
    }

    /// <returns>The job type whose code a symbol is; <see langword="null"/> for other code.</returns>
    public INamedTypeSymbol? JobOf(ISymbol? symbol)
    {
        for (; symbol is not null; symbol = symbol.ContainingSymbol)
        {
            if (symbol is INamedTypeSymbol type)
                return IsJob(type) ? type : null;
        }
        return null;
    }

    public bool IsTask(ITypeSymbol? type) =>
        type?.OriginalDefinition is { } definition
            && (Are(definition, Task) || Are(definition, TaskOfResult) || Are(definition, ValueTask) || Are(definition, ValueTaskOfResult));

    private bool IsWithArguments(INamedTypeSymbol contract) => Are(contract.OriginalDefinition, _jobWithArguments);

    private static INamedTypeSymbol? Find(Compilation compilation, string name) => compilation.GetTypeByMetadataName(name);
}
