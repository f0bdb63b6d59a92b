using System.Collections.Immutable;
using Cronos;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Asdamir.Data.Analyzers;

/// <summary>
/// Reports constant cron expressions that the package refuses, those that never fire, and Windows ids of time zones.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ScheduleAnalyzer : JobAnalyzer
{
    private const string CronParameter = "cron";
    private const string TimeZoneProperty = "TimeZone";

    // An expression that fires at all does so within the 28 years after which dates and weekdays repeat.
    private static readonly DateTime AnyTime = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.InvalidSchedule];

    private protected override void Register(CompilationStartAnalysisContext context, JobTypes types)
    {
        context.RegisterSymbolAction(symbol => CheckAttributes(symbol, types), SymbolKind.NamedType);
        context.RegisterOperationAction(operation => CheckCall(operation, types), OperationKind.Invocation);
        context.RegisterOperationAction(operation => CheckOptions(operation, types), OperationKind.SimpleAssignment);
    }

    private static void CheckAttributes(SymbolAnalysisContext context, JobTypes types)
    {
        foreach (var attribute in context.Symbol.GetAttributes())
        {
            if (!JobTypes.Are(attribute.AttributeClass, types.RecurringJob)
                || attribute.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken) is not AttributeSyntax syntax)
            {
                continue;
            }
            if (attribute.ConstructorArguments.FirstOrDefault().Value is string cron)
                Report(context.ReportDiagnostic, FaultOfCron(cron), syntax.GetLocation());
            foreach (var argument in attribute.NamedArguments)
            {
                if (argument is { Key: TimeZoneProperty, Value.Value: string zone })
                    Report(context.ReportDiagnostic, FaultOfTimeZone(zone), syntax.GetLocation(), zone);
            }
        }
    }

    private static void CheckCall(OperationAnalysisContext context, JobTypes types)
    {
        var call = (IInvocationOperation)context.Operation;
        if (!JobTypes.Are(call.TargetMethod.ContainingType, types.Service))
            return;
        foreach (var argument in call.Arguments)
        {
            if (argument is { Parameter.Name: CronParameter, Value.ConstantValue: { HasValue: true, Value: string cron } })
                Report(context.ReportDiagnostic, FaultOfCron(cron), argument.Syntax.GetLocation());
        }
    }

    private static void CheckOptions(OperationAnalysisContext context, JobTypes types)
    {
        if (context.Operation is ISimpleAssignmentOperation
            {
                Target: IPropertyReferenceOperation { Property: { Name: TimeZoneProperty } property },
                Value: { ConstantValue: { HasValue: true, Value: string zone } } value,
            }
            && JobTypes.Are(property.ContainingType, types.RecurringOptions))
        {
            Report(context.ReportDiagnostic, FaultOfTimeZone(zone), value.Syntax.GetLocation(), zone);
        }
    }

    private static void Report(Action<Diagnostic> report, string? fault, Location location, string? zone = null)
    {
        if (fault is null)
            return;
        var properties = ImmutableDictionary<string, string?>.Empty;
        report(Diagnostic.Create(
            Rules.InvalidSchedule, location, zone is null ? properties : properties.Add(Fixable.TimeZone, zone), fault));
    }

    private static string? FaultOfCron(string cron)
    {
        try
        {
            var fields = cron.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length;
            if (fields == 0)
                return "The cron expression is empty; write 5 fields (minute hour day month weekday)";
            var expression = CronExpression.Parse(cron, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
            return expression.GetNextOccurrence(AnyTime) is null
                ? $"The cron expression '{cron}' never fires: no date matches it; correct the day and the month"
                : null;
        }
        catch (MissingSeedException)
        {
            return $"The cron expression '{cron}' is invalid: 'H' (a value chosen by hash) is not supported; write a number";
        }
        catch (CronFormatException exception)
        {
            return $"The cron expression '{cron}' is invalid: {exception.Message.TrimEnd('.')}; "
                + "write 5 fields (minute hour day month weekday), 6 with seconds first, or a macro such as '@daily'";
        }
    }

    // Ids of Windows have blanks, those of IANA have none.
    private static string? FaultOfTimeZone(string zone) =>
        zone.Contains(' ')
            ? $"The time zone '{zone}' is not an IANA id, which every platform knows; write one such as 'Europe/Berlin' or 'UTC'"
            : null;
}
