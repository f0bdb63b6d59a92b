using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Asdamir.Data.HangfireJobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Asdamir.Data.Docs.Tests.Examples;

/// <summary>Settings in README and docs are valid, and the table of settings is complete.</summary>
public sealed partial class SettingsTests
{
    private static readonly CodeBlock[] Blocks =
        [.. Repository.Pages.SelectMany(static page => page.Blocks).Where(static block => block.Language == "json")];

    public static TheoryData<string> Settings =>
        [
            .. Blocks.Where(static block => block.Text.Contains("\"HangfireJobs\":", StringComparison.Ordinal))
                .Select(static block => block.ToString())
        ];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Settings_AreValid(string place)
    {
        var block = Blocks.Single(block => block.ToString() == place);
        var text = block.Text.TrimStart().StartsWith('{') ? block.Text : $"{{{block.Text}}}";
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        using MemoryStream json = new(System.Text.Encoding.UTF8.GetBytes(text));
        builder.Configuration.AddJsonStream(json);
        builder.Services.AddCoreHangfireJobs(builder.Configuration);
        using var host = builder.Build();

        Assert.NotNull(host.Services.GetRequiredService<IOptions<HangfireJobsOptions>>().Value);
        Assert.NotEmpty(builder.Configuration.GetSection("HangfireJobs").GetChildren());
    }

    [Fact]
    public void ConsoleSettings_AreAllInItsTable()
    {
        var page = Repository.Pages.Single(static page => page.Name == "docs/console.md");
        var block = page.Blocks.Single(static block => block.Language == "json");
        using MemoryStream json = new(System.Text.Encoding.UTF8.GetBytes(block.Text));
        var keys = new ConfigurationBuilder().AddJsonStream(json).Build().AsEnumerable().Where(static pair => pair.Value is not null);

        Assert.All(keys, key => Assert.Contains($"`{NumberInKey().Replace(key.Key, ":0:")}`", page.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void OtherJson_IsWellFormed()
    {
        var others = Blocks.Where(static block => block.Text.TrimStart()[0] is '{' or '[').ToArray();

        Assert.NotEmpty(others);
        Assert.All(others, static block => JsonDocument.Parse(block.Text).Dispose());
    }

    [Fact]
    public void TableOfSettings_NamesEverySetting()
    {
        var page = Repository.Pages.Single(static page => page.Name == "docs/configuration.md").Text;

        Assert.All(KeysOf(typeof(HangfireJobsOptions), ""), key =>
        {
            var last = key.Split(':')[^1];
            Assert.True(
                page.Contains($"`{key}`", StringComparison.Ordinal)
                    || RowOf(page, key[..key.LastIndexOf(':')]).Contains($"`{last}`", StringComparison.Ordinal),
                $"docs/configuration.md does not name {key}.");
        });
    }

    // One row names several keys of a section: `Retention:Succeeded`, `Deleted`, `Failed`.
    private static string RowOf(string page, string section) =>
        string.Join('\n', page.Split('\n').Where(line => line.StartsWith($"| `{section}:", StringComparison.Ordinal)));

    private static IEnumerable<string> KeysOf(Type type, string prefix) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .SelectMany(property =>
                property.PropertyType.Namespace == typeof(HangfireJobsOptions).Namespace && property.PropertyType.IsClass
                ? KeysOf(property.PropertyType, $"{prefix}{property.Name}:")
                : [prefix + property.Name]);

    [GeneratedRegex(@":\d+:")]
    private static partial Regex NumberInKey();
}
