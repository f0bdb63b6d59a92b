using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Asdamir.Data.HangfireJobs.Monitoring.Preflight;

/// <summary>
/// The texts in the code of a build. The name of a step is one of them, or is put together from one and a value, as <c>$"page {n}"</c>.
/// </summary>
internal sealed class StepTexts
{
    private const int ShortestPart = 3;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    public StepTexts(IEnumerable<Assembly> assemblies)
    {
        foreach (var assembly in assemblies)
        {
            if (assembly.Location.Length == 0)
                IsComplete = false;
            else
                Read(assembly.Location);
        }
    }

    /// <summary>Whether the code of all assemblies was read; one that was loaded from memory has no file.</summary>
    public bool IsComplete { get; } = true;

    public bool Contain(string step)
    {
        if (_texts.Contains(step))
            return true;
        for (var length = ShortestPart; length < step.Length; length++)
        {
            var rest = step.Length - length;
            if (IsPart(step[..length], step[length - 1], step[length]) || IsPart(step[rest..], step[rest], step[rest - 1]))
                return true;
        }
        return false;
    }

    // Between two letters a text ends only by chance.
    private bool IsPart(string text, char inside, char outside) =>
        !(char.IsLetter(inside) && char.IsLetter(outside)) && _texts.Contains(text);

    private void Read(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (!file.HasMetadata)
            return;
        var metadata = file.GetMetadataReader();
        // The heap begins with an empty text.
        for (var handle = metadata.GetNextHandle(MetadataTokens.UserStringHandle(0)); !handle.IsNil;
            handle = metadata.GetNextHandle(handle))
        {
            _texts.Add(metadata.GetUserString(handle));
        }
    }
}
