using System.Globalization;

namespace BenchKit;

/// <summary>The options of a bench, as <c>--name value</c>; <c>--short</c> only shows that it works.</summary>
public sealed class Arguments(string[] args)
{
    public bool IsShort => Has("--short");

    public bool Has(string name) => args.Contains(name);

    public List<string> Texts(string name, params List<string> fallback) =>
        Array.IndexOf(args, name) is >= 0 and var at ? [.. args[at + 1].Split(',')] : fallback;

    /// <param name="normal">When it is not given.</param>
    /// <param name="brief">When it is not given, in a short run.</param>
    public int Number(string name, int normal, int brief) =>
        int.Parse(Texts(name, (IsShort ? brief : normal).ToString(CultureInfo.InvariantCulture))[0], CultureInfo.InvariantCulture);
}
