using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Asdamir.Data.Docs.Tests;

/// <summary>A page of the documentation.</summary>
internal sealed class Page
{
    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).UsePipeTables().Build();

    public Page(string name, string text)
    {
        Name = name;
        Text = text;
        var document = Markdown.Parse(text, Pipeline);
        Anchors = [.. document.Descendants<HeadingBlock>().Select(static heading => heading.TryGetAttributes()?.Id ?? "")];
        Links = [.. document.Descendants<LinkInline>().Select(static link => link.Url ?? "")];
        Blocks = [.. BlocksOf(document)];
    }

    /// <summary>The path from the repository's root.</summary>
    public string Name { get; }

    public string Text { get; }

    public IReadOnlyCollection<string> Anchors { get; }

    public IReadOnlyList<string> Links { get; }

    public IReadOnlyList<CodeBlock> Blocks { get; }

    private IEnumerable<CodeBlock> BlocksOf(MarkdownDocument document)
    {
        var marker = "";
        foreach (var block in document.Descendants<LeafBlock>())
        {
            if (block is FencedCodeBlock code)
            {
                yield return new CodeBlock(
                    Name, code.Line + 1, code.Info ?? "", CodeBlock.HarnessOf(marker), CodeBlock.SourceOf(marker), code.Lines.ToString());
            }
            marker = block is HtmlBlock html ? html.Lines.ToString() : "";
        }
    }
}
