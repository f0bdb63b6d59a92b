namespace Asdamir.AdminConsole;

/// <summary>The configuration has faults; the message names all of them.</summary>
internal sealed class ConsoleMisconfiguredException(IReadOnlyList<string> faults)
    : Exception(
        $"The console is misconfigured ({faults.Count} fault{(faults.Count == 1 ? "" : "s")}):"
            + string.Concat(faults.Select(static fault => $"{Environment.NewLine}  - {fault}")));
