using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Asdamir.Data.Analyzers;

/// <summary>
/// Reports argument types that JSON does not carry, and properties named like secrets. The app checks the whole contract at its start;
/// this finds the frequent faults while they are written.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ArgumentAnalyzer : JobAnalyzer
{
    private const int MaxDepth = 8;

    private static readonly string[] NotCarried =
    [
        "System.Reflection.MemberInfo", "System.Reflection.Assembly", "System.Exception", "System.Linq.Expressions.Expression",
        "System.IO.Stream", "System.Threading.Tasks.Task", "System.Threading.CancellationToken", "System.TimeZoneInfo", "System.Delegate",
    ];

    private static readonly HashSet<string> SecretWords =
    [
        "password", "passwd", "passphrase", "pwd", "secret", "token", "credential", "credentials", "apikey", "connectionstring", "cvv",
        "otp",
    ];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ArgumentNotStorable, Rules.SecretArgument];

    private protected override void Register(CompilationStartAnalysisContext context, JobTypes types)
    {
        var notCarried = NotCarried.Select(context.Compilation.GetTypeByMetadataName).OfType<INamedTypeSymbol>()
            .ToImmutableHashSet<ISymbol>(SymbolEqualityComparer.Default);
        context.RegisterSymbolAction(
            symbol =>
            {
                if (symbol.Symbol is INamedTypeSymbol job && types.IsJob(job) && types.ArgumentsOf(job) is { } arguments)
                    new Check(symbol, job, notCarried).Visit(arguments, arguments.Name, MaxDepth);
            },
            SymbolKind.NamedType);
    }

    private sealed class Check(SymbolAnalysisContext context, INamedTypeSymbol job, ImmutableHashSet<ISymbol> notCarried)
    {
        private readonly HashSet<ISymbol> _seen = new(SymbolEqualityComparer.Default);

        public void Visit(ITypeSymbol type, string path, int depth)
        {
            if (depth == 0 || type.TypeKind == TypeKind.TypeParameter || HasConverter(type) || !_seen.Add(type))
                return;
            if (FaultOf(type) is { } fault)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Rules.ArgumentNotStorable, job.Locations[0], $"The argument {path} ({type.ToDisplayString()})", fault.What, fault.Fix));
                return;
            }
            foreach (var element in ElementsOf(type))
                Visit(element, path + "[]", depth - 1);
            if (!type.Locations.Any(static location => location.IsInSource))
                return;
            foreach (var property in PropertiesOf(type))
            {
                var name = $"{path}.{property.Name}";
                if (IsText(property.Type) && IsSecret(property.Name))
                    context.ReportDiagnostic(Diagnostic.Create(Rules.SecretArgument, property.Locations[0], name));
                if (!HasConverter(property))
                    Visit(property.Type, name, depth - 1);
            }
        }

        private (string What, string Fix)? FaultOf(ITypeSymbol type)
        {
            if (type.SpecialType == SpecialType.System_Object || type.TypeKind == TypeKind.Dynamic)
                return ("is declared as object, so its type would be lost", "declare its real type, or JsonElement");
            if (type.TypeKind is TypeKind.Delegate or TypeKind.Pointer or TypeKind.FunctionPointer
                || type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr)
            {
                return ("is not carried by JSON", "pass data that the job can find it by, such as an id");
            }
            for (var ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
            {
                if (notCarried.Contains(ancestor.OriginalDefinition))
                    return ("is not carried by JSON", "pass data that the job can find it by, such as an id");
            }
            return type is IArrayTypeSymbol { Rank: > 1 }
                ? ("has several dimensions, which JSON does not support", "declare it as an array of arrays")
                : IsAbstract(type)
                    ? ("cannot be created from JSON", "declare the class, or put a [JsonDerivedType] for each class on it")
                    : null;
        }

        // Interfaces of collections are read as lists and dictionaries; any other interface needs to say which classes there are.
        private static bool IsAbstract(ITypeSymbol type) =>
            (type.TypeKind == TypeKind.Interface || (type.TypeKind == TypeKind.Class && type.IsAbstract))
                && type.Locations.Any(static location => location.IsInSource)
                && !type.AllInterfaces.Any(static contract => contract.SpecialType == SpecialType.System_Collections_IEnumerable)
                && !type.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "JsonDerivedTypeAttribute");

        private static ImmutableArray<ITypeSymbol> ElementsOf(ITypeSymbol type) => type switch
        {
            IArrayTypeSymbol array => [array.ElementType],
            INamedTypeSymbol { IsGenericType: true } generic when !generic.Locations.Any(static location => location.IsInSource) =>
                generic.TypeArguments,
            _ => [],
        };

        private static IEnumerable<IPropertySymbol> PropertiesOf(ITypeSymbol type) =>
            type.GetMembers().OfType<IPropertySymbol>().Where(static property =>
                property is { IsStatic: false, IsIndexer: false, DeclaredAccessibility: Accessibility.Public, IsImplicitlyDeclared: false }
                    && !property.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "JsonIgnoreAttribute"));

        private static bool IsText(ITypeSymbol type) =>
            type.SpecialType == SpecialType.System_String || type is IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Byte };

        private static bool HasConverter(ISymbol symbol) =>
            symbol.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name == "JsonConverterAttribute");
    }

    // Word by word, so that "PassengerName" and "TokenCount" are none.
    private static bool IsSecret(string name)
    {
        var words = WordsOf(name);
        return words.Count > 0
            && (SecretWords.Contains(words[words.Count - 1])
                || (words.Count > 1 && SecretWords.Contains(words[words.Count - 2] + words[words.Count - 1])));
    }

    private static List<string> WordsOf(string name)
    {
        List<string> words = [];
        for (int start = 0, i = 1; i <= name.Length; i++)
        {
            if (i < name.Length && !(char.IsUpper(name[i]) && !char.IsUpper(name[i - 1])))
                continue;
            words.Add(name.Substring(start, i - start).ToLowerInvariant());
            start = i;
        }
        return words;
    }
}
