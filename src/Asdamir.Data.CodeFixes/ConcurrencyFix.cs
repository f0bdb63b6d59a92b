using System.Collections.Immutable;
using System.Composition;
using Asdamir.Data.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Asdamir.Data.CodeFixes;

/// <summary>Replaces <c>[DisableConcurrentExecution]</c> of a job type by <c>[ExclusiveJob]</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ConcurrencyFix : CodeFixProvider
{
    private const string Title = "Use [ExclusiveJob]";
    private const string Attribute = "Asdamir.Data.HangfireJobs.ExclusiveJob";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Fixable.DisabledConcurrency];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            // [ExclusiveJob] belongs on a class; on a method there is no simple replacement.
            if (root?.FindNode(diagnostic.Location.SourceSpan) is AttributeSyntax { Parent.Parent: ClassDeclarationSyntax } attribute)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(Title, _ => Task.FromResult(With(context.Document, root, attribute)), Title), diagnostic);
            }
        }
    }

    // An editor shortens the name where the namespace is imported.
    private static Document With(Document document, SyntaxNode root, AttributeSyntax attribute) => document.WithSyntaxRoot(
        root.ReplaceNode(
            attribute,
            SyntaxFactory.Attribute(SyntaxFactory.ParseName(Attribute))
                .WithTriviaFrom(attribute)
                .WithAdditionalAnnotations(Microsoft.CodeAnalysis.Simplification.Simplifier.Annotation)));
}
