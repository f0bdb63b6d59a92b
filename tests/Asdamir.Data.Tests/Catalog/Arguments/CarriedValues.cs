using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Asdamir.Data.Tests.Catalog.Arguments;

/// <summary>Arguments that arrive as they were given.</summary>
internal static class CarriedValues
{
    [Flags]
    public enum Rights
    {
        None = 0,
        Read = 1,
        Write = 2,
    }

    public sealed record Holder<T>(T Value);

    public record Unsealed(string Name, Unsealed? Next = null);

    public sealed record Derived(string Name) : Unsealed(Name);

    public readonly record struct Money(decimal Amount, string Currency);

    [JsonDerivedType(typeof(Circle), "circle"), JsonDerivedType(typeof(Square), "square")]
    public abstract record Shape(string Name);

    public sealed record Circle(string Name, double Radius) : Shape(Name);

    public sealed record Square(string Name, int Side) : Shape(Name);

    [JsonDerivedType(typeof(Dog), "dog")]
    public interface IAnimal
    {
        string Name { get; }
    }

    public sealed record Dog(string Name, int Age) : IAnimal;

    public sealed class Everything : IEquatable<Everything>
    {
        public required string Needed { get; init; }

        [JsonInclude]
        public int Included { get; private set; }

        [JsonInclude]
        public int Field = 5;

        [JsonIgnore]
        public Type Ignored { get; set; } = typeof(string);

        [JsonIgnore]
        public int IgnoredField = 7;

        public string Kind { get; } = "invoice";

        public string Upper => Needed.ToUpperInvariant();

        public DateTime Now => DateTime.UtcNow;

        [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
        public List<int> Populated { get; } = [];

        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Rest { get; set; }

        public Everything Grow()
        {
            Included++;
            Field++;
            Populated.Add(3);
            return this;
        }

        public bool Equals(Everything? other) =>
            other is not null && (Needed, Included, Field, Kind) == (other.Needed, other.Included, other.Field, other.Kind)
                && Populated.SequenceEqual(other.Populated)
            && Rest?.Count == other.Rest?.Count && Rest?["more"].GetRawText() == other.Rest?["more"].GetRawText();

        public override bool Equals(object? obj) => Equals(obj as Everything);

        public override int GetHashCode() => Needed.GetHashCode(StringComparison.Ordinal);
    }

    [JsonConverter(typeof(SecretConverter))]
    public sealed class Secret(int hidden)
    {
        internal int Hidden => hidden;

        public override bool Equals(object? obj) => obj is Secret other && other.Hidden == Hidden;

        public override int GetHashCode() => Hidden;
    }

    public sealed class SecretConverter : JsonConverter<Secret>
    {
        public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt32());

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Hidden);
    }

    public static Dictionary<string, object> All { get; } = new()
    {
        ["DateTimeOffset"] = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(5.5)).AddTicks(1_234_567),
        ["DateTime"] = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(7),
        ["DateOnly"] = new DateOnly(2026, 2, 28),
        ["TimeOnly"] = new TimeOnly(23, 59, 59, 999),
        ["TimeSpan"] = TimeSpan.MinValue,
        ["decimal"] = decimal.MaxValue,
        ["decimal with scale"] = 1.10m,
        ["Int128"] = Int128.MinValue,
        ["UInt128"] = UInt128.MaxValue,
        ["Half"] = (Half)1.5,
        ["double"] = double.Epsilon,
        ["char"] = 'ß',
        ["string"] = "a\0b \uFFFD 𝄞 \"<&'",
        ["Guid"] = Guid.NewGuid(),
        ["Uri"] = new Uri("https://example.org/?q=ä"),
        ["Version"] = new Version(1, 2, 3, 4),
        ["bytes"] = new byte[] { 0, 1, 255 },
        ["flags"] = Rights.Read | Rights.Write,
        ["record struct"] = new Money(decimal.MaxValue, "EUR"),
        ["nullable"] = new Holder<int?>(null),
        ["record of a record"] = new Unsealed("a", new Unsealed("b")),
        ["polymorphic"] = new Holder<Shape>(new Circle("c", 1.5)),
        ["polymorphic interface"] = new Holder<IAnimal>(new Dog("d", 3)),
        ["everything"] = new Everything { Needed = "needed", Rest = new() { ["more"] = JsonDocument.Parse("1.50").RootElement } }.Grow(),
        ["converter"] = new Holder<Secret>(new Secret(42)),
        ["pair"] = new KeyValuePair<string, int>("a", 1),
        ["tuple"] = Tuple.Create(42, "x"),
        ["anonymous list"] = new List<Money> { new(1, "A"), new(2, "B") },
        ["queue"] = new Queue<int>([1, 2, 3]),
        ["concurrent queue"] = new ConcurrentQueue<int>([1, 2, 3]),
        ["concurrent dictionary"] = new ConcurrentDictionary<string, int>(
            Enumerable.Range(0, 500).Select(i => KeyValuePair.Create($"key {i}", i))),
        ["immutable array"] = ImmutableArray.Create(1, 2),
        ["immutable list"] = ImmutableList.Create("a", "b"),
        ["immutable dictionary"] = ImmutableDictionary<string, int>.Empty.Add("a", 1),
        ["set"] = new HashSet<string> { "b", "a" },
        ["sorted set"] = new SortedSet<int> { 3, 1, 2 },
        ["jagged"] = new int[][] { [1], [2, 3] },
        ["read-only list"] = new Holder<IReadOnlyList<int>>([1, 2]),
        ["enumerable"] = new Holder<IEnumerable<string>>(["a"]),
        ["enum keys"] = new Dictionary<Rights, int> { [Rights.Read | Rights.Write] = 1, [Rights.None] = 2 },
        ["date keys"] = new Dictionary<DateOnly, string> { [new DateOnly(2026, 1, 1)] = "a" },
        ["number keys"] = new SortedDictionary<Int128, string> { [Int128.MaxValue] = "a" },
        ["element"] = JsonDocument.Parse("""{"a":1.50,"b":[1e3,"ä"],"a":null}""").RootElement,
        ["node"] = JsonNode.Parse("""{"a":[1,{"b":2}]}""")!.AsObject(),
    };
}
