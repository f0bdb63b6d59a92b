using System.Collections.Immutable;
using System.Composition;
using System.Reflection;
using Asdamir.Data.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Asdamir.Data.CodeFixes;

/// <summary>Replaces a Windows id of a time zone by that of IANA, where the editor's runtime knows it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class TimeZoneFix : CodeFixProvider
{
    // .NET Framework, on which some editors run, does not have it.
    private static readonly MethodInfo? Convert = typeof(TimeZoneInfo).GetMethod(
        "TryConvertWindowsIdToIanaId", [typeof(string), typeof(string).MakeByRefType()]);

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Fixable.InvalidSchedule];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.GetValueOrDefault(Fixable.TimeZone) is not { } zone || IanaIdOf(zone) is not { } iana
                || root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).DescendantNodesAndSelf()
                    .OfType<LiteralExpressionSyntax>().FirstOrDefault(literal => literal.Token.Value is string text && text == zone)
                    is not { } literal)
            {
                continue;
            }
            var title = $"Use '{iana}'";
            context.RegisterCodeFix(
                CodeAction.Create(title, _ => Task.FromResult(With(context.Document, root, literal, iana)), title), diagnostic);
        }
    }

    private static Document With(Document document, SyntaxNode root, LiteralExpressionSyntax literal, string iana) =>
        document.WithSyntaxRoot(root.ReplaceNode(
            literal,
            SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(iana)).WithTriviaFrom(literal)));

    private static string? IanaIdOf(string windowsId)
    {
        object?[] arguments = [windowsId, null];
        return Convert?.Invoke(null, arguments) is true ? arguments[1] as string : null;
    }
}
