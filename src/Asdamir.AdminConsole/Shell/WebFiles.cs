using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;

namespace Asdamir.AdminConsole.Shell;

/// <summary>
/// Style, script and icon: inside the assembly, under addresses that change with their content, so that browsers cache them.
/// </summary>
internal static class WebFiles
{
    private static readonly FileExtensionContentTypeProvider Types = new();
    private static readonly Dictionary<string, (string Address, byte[] Content)> Files = Load();

    public static string Address(string name) => Files[name].Address;

    public static void Map(WebApplication app)
    {
        foreach (var (name, (address, content)) in Files)
        {
            var type = Types.TryGetContentType(name, out var known) ? known : "application/octet-stream";
            app.MapGet(address, (HttpContext http) =>
            {
                http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                return Results.Bytes(content, type);
            }).AllowAnonymous();
        }
    }

    private static Dictionary<string, (string, byte[])> Load()
    {
        const string folder = "wwwroot/";
        var assembly = typeof(WebFiles).Assembly;
        Dictionary<string, (string, byte[])> files = [];
        foreach (var resource in assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(folder, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            var name = resource[folder.Length..];
            files.Add(name, ($"/assets/{Convert.ToHexStringLower(SHA256.HashData(content))[..12]}/{name}", content));
        }
        return files;
    }
}
