using System.Collections;

namespace Asdamir.Data.HangfireJobs.Monitoring.Api.OpenApi;

/// <summary>The description of a schema and of its properties.</summary>
internal sealed class SchemaDescription(string text) : IEnumerable<KeyValuePair<string, (string Text, SchemaRule? Rule)>>
{
    private readonly Dictionary<string, (string Text, SchemaRule? Rule)> _properties = new(StringComparer.Ordinal);

    public string Text => text;

    public void Add(string property, string description, SchemaRule? rule = null) => _properties.Add(property, (description, rule));

    public bool TryGet(string property, out (string Text, SchemaRule? Rule) description) =>
        _properties.TryGetValue(property, out description);

    public IEnumerator<KeyValuePair<string, (string Text, SchemaRule? Rule)>> GetEnumerator() => _properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
