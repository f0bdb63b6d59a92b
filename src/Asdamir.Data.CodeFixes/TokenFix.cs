using System.Collections.Immutable;
using System.Composition;
using Asdamir.Data.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Asdamir.Data.CodeFixes;

/// <summary>Passes the token of the job on to a call that does not get it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class TokenFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Fixable.TokenNotPassed];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not InvocationExpressionSyntax call
                || diagnostic.Properties.GetValueOrDefault(Fixable.Token) is not { } token
                || diagnostic.Properties.GetValueOrDefault(Fixable.Parameter) is not { } parameter)
            {
                continue;
            }
            var title = $"Pass {token} on";
            context.RegisterCodeFix(
                CodeAction.Create(title, _ => Task.FromResult(With(context.Document, root, call, parameter, token)), title), diagnostic);
        }
    }

    // By name, as parameters before it may be left out, too.
    private static Document With(Document document, SyntaxNode root, InvocationExpressionSyntax call, string parameter, string token)
    {
        var argument = SyntaxFactory.Argument(SyntaxFactory.IdentifierName(token));
        if (parameter.Length > 0)
            argument = argument.WithNameColon(SyntaxFactory.NameColon(parameter));
        return document.WithSyntaxRoot(root.ReplaceNode(call, call.AddArgumentListArguments(argument.NormalizeWhitespace())));
    }
}
