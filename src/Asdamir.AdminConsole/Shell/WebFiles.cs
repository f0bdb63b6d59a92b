using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;

namespace Asdamir.AdminConsole.Shell;

/// <summary>
/// Style, scripts and icon: inside the assembly, under addresses that change with their content, so that browsers cache them.
/// Scripts import each other by relative addresses, so all of them have one hash.
/// </summary>
internal static class WebFiles
{
    private const string FilesFolder = "wwwroot/";
    private const string ScriptsFolder = "scripts/";

    private static readonly FileExtensionContentTypeProvider Types = new();
    private static readonly Dictionary<string, byte[]> FileContents = Load(FilesFolder);
    private static readonly Dictionary<string, byte[]> ScriptContents = Load(ScriptsFolder);
    private static readonly string HashOfScripts = HashOf(
        [.. ScriptContents.OrderBy(static script => script.Key, StringComparer.Ordinal).SelectMany(static script => script.Value)]);

    /// <summary>The addresses of all scripts.</summary>
    public static IReadOnlyList<string> Scripts { get; } = [.. ScriptContents.Keys.Order(StringComparer.Ordinal).Select(Script)];

    public static string Address(string name) => AddressOf(HashOf(FileContents[name]), name);

    /// <param name="name">The path of the script in the project, as <c>Shell/keys.js</c>.</param>
    public static string Script(string name) => AddressOf(HashOfScripts, name);

    public static void Map(WebApplication app)
    {
        foreach (var (name, content) in FileContents)
            Map(app, Address(name), content);
        foreach (var (name, content) in ScriptContents)
            Map(app, Script(name), content);
    }

    private static void Map(WebApplication app, string address, byte[] content)
    {
        var type = Types.TryGetContentType(address, out var known) ? known : "application/octet-stream";
        app.MapGet(address, (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            http.Response.ContentType = type;
            http.Response.ContentLength = content.Length;
            return http.Response.Body.WriteAsync(content, http.RequestAborted).AsTask();
        }).AllowAnonymous();
    }

    private static string AddressOf(string hash, string name) => $"/assets/{hash}/{name}";

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..12];

    private static Dictionary<string, byte[]> Load(string folder)
    {
        var assembly = typeof(WebFiles).Assembly;
        Dictionary<string, byte[]> contents = new(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            // The build names folders as its system does.
            contents.Add(resource[folder.Length..].Replace('\\', '/'), content);
        }
        return contents;
    }
}
