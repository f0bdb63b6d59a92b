using System.Collections;
using System.Reflection;
using System.Resources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Asdamir.AdminConsole.Tests.Shell;

/// <summary>A language of the tests, in which each text of the console stands in brackets. It is built as a translation would be.</summary>
internal static class PseudoLanguage
{
    public const string Name = "qps-ploc";

    public const char Open = '⟦';

    public const char Close = '⟧';

    private const string Suffix = ".resources";

    /// <summary>Puts the translation of all texts beside the console.</summary>
    public static void Install()
    {
        var console = typeof(AdminConsole.Hosting.ConsoleApp).Assembly;
        var name = console.GetName();
        var satellite = CSharpCompilation.Create(
            name.Name + Suffix,
            [
                CSharpSyntaxTree.ParseText(
                    $"[assembly: System.Reflection.AssemblyCulture(\"{Name}\"), System.Reflection.AssemblyVersion(\"{name.Version}\")]")
            ],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, Name)).FullName;
        var file = Path.Combine(folder, $"{name.Name}{Suffix}.dll");
        // Other tests list the folders meanwhile.
        var draft = Path.Combine(folder, Path.GetRandomFileName());
        using (var stream = File.Create(draft))
        {
            var result = satellite.Emit(stream, manifestResources: TextsOf(console));
            Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        }
        File.Move(draft, file, overwrite: true);
    }

    private static IEnumerable<ResourceDescription> TextsOf(Assembly console) =>
        console.GetManifestResourceNames()
            .Where(static resource => resource.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(resource =>
                new ResourceDescription(
                    $"{resource[..^Suffix.Length]}.{Name}{Suffix}", () => Translate(console, resource), isPublic: true));

    private static MemoryStream Translate(Assembly console, string resource)
    {
        using var reader = new ResourceReader(console.GetManifestResourceStream(resource)!);
        var stream = new MemoryStream();
        var writer = new ResourceWriter(stream);
        foreach (DictionaryEntry entry in reader)
            writer.AddResource((string)entry.Key, $"{Open}{entry.Value}{Close}");
        writer.Generate();
        stream.Position = 0;
        return stream;
    }
}
