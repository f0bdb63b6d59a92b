using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Net;
using System.Numerics;
using System.Text.Json.Serialization;

namespace Asdamir.Data.Tests.Catalog.Arguments;

/// <summary>Argument types whose values would arrive changed, or not at all.</summary>
internal static class RefusedTypes
{
    public sealed record Holder<T>(T Value);

    public sealed class Fields
    {
        public int Count = 1;

        public string Name { get; set; } = "";
    }

    public sealed class ReadonlyField
    {
        public readonly int Count = 1;
    }

    public sealed class PrivateSetter
    {
        public int Count { get; private set; }

        public void Add() => Count++;
    }

    public sealed class InternalSetter
    {
        public int Count { get; internal set; }
    }

    public class ProtectedSetter
    {
        public int Count { get; protected set; }
    }

    public sealed class Inheriting : ProtectedSetter;

    public sealed class PrivateGetter
    {
        public int Count { private get; set; }

        public override string ToString() => $"{Count}";
    }

    public sealed class InternalProperty
    {
        internal int Count { get; set; }

        public string Name { get; set; } = "";
    }

    public sealed class NoSetter
    {
        public NoSetter()
        {
        }

        public NoSetter(string name) => Name = name;

        public string Name { get; } = "";
    }

    public sealed class FilledList
    {
        public List<int> Items { get; } = [];
    }

    public readonly struct PlainStruct(int count)
    {
        public int Count { get; } = count;
    }

    public sealed class OtherParameter(int amount)
    {
        public int Count { get; } = amount;
    }

    public sealed class TwoConstructors
    {
        public TwoConstructors(int count) => Count = count;

        public TwoConstructors(string count) => Count = int.Parse(count, System.Globalization.CultureInfo.InvariantCulture);

        public int Count { get; }
    }

    public sealed class Hidden
    {
        private int _count;

        public int Twice => _count * 2;

        public void Add() => _count++;
    }

    public sealed class NamedList : List<int>
    {
        public string Name { get; set; } = "";
    }

    public abstract class Abstract
    {
        public int Count { get; set; }
    }

    public interface IShape
    {
        int Count { get; }
    }

    [JsonDerivedType(typeof(Circle))]
    public record Shape(string Name);

    public sealed record Circle(string Name, int Radius) : Shape(Name);

    [JsonDerivedType(typeof(BadSquare), "square")]
    public record Figure(string Name);

    public sealed record BadSquare(string Name, BigInteger Side) : Figure(Name);

    public sealed record Clash(string Name)
    {
        [JsonPropertyName("name")]
        public string Other { get; init; } = "";
    }

    public sealed record Tree(string Name, List<Tree> Children, object Tag);

    public sealed record Deep(Holder<List<Dictionary<string, Fields>>> Inner);

    /// <summary>The type, and what the message must name beside the type: the member or the fix.</summary>
    public static Dictionary<Type, string> All { get; } = new()
    {
        [typeof((int, string))] = "Item1",
        [typeof(Holder<(int Id, string Name)>)] = "Value.Item1",
        [typeof(Fields)] = "Count",
        [typeof(ReadonlyField)] = "Count",
        [typeof(PrivateSetter)] = "Count",
        [typeof(InternalSetter)] = "Count",
        [typeof(ProtectedSetter)] = "Count",
        [typeof(Inheriting)] = "Count",
        [typeof(PrivateGetter)] = "Count",
        [typeof(InternalProperty)] = "Count",
        [typeof(NoSetter)] = "Name",
        [typeof(FilledList)] = "Items",
        [typeof(PlainStruct)] = "Count",
        [typeof(OtherParameter)] = "amount",
        [typeof(TwoConstructors)] = "[JsonConstructor]",
        [typeof(Hidden)] = "Hidden",
        [typeof(NamedList)] = "Name",
        [typeof(Abstract)] = "[JsonDerivedType]",
        [typeof(IShape)] = "[JsonDerivedType]",
        [typeof(Holder<IShape>)] = "Value",
        [typeof(Shape)] = "Circle",
        [typeof(Figure)] = "Side",
        [typeof(Clash)] = "Clash",
        [typeof(Tree)] = "Tag",
        [typeof(Deep)] = "Inner.Value[][].Count",
        [typeof(object)] = "JsonElement",
        [typeof(Holder<object>)] = "Value",
        [typeof(Dictionary<string, object>)] = "JsonElement",
        [typeof(object[])] = "JsonElement",
        [typeof(ArrayList)] = "JsonElement",
        [typeof(Hashtable)] = "JsonElement",
        [typeof(IEnumerable)] = "JsonElement",
        [typeof(BigInteger)] = "string",
        [typeof(Holder<BigInteger?>)] = "Value",
        [typeof(Complex)] = "Complex",
        [typeof(Vector2)] = "Vector2",
        [typeof(Index)] = "Index",
        [typeof(Holder<Range>)] = "Value",
        [typeof(IPAddress)] = "IPAddress",
        [typeof(TimeZoneInfo)] = "Id",
        [typeof(Holder<TimeZoneInfo>)] = "Value",
        [typeof(Type)] = "Type",
        [typeof(Holder<Type>)] = "Value",
        [typeof(Holder<Action>)] = "Value",
        [typeof(Func<int>)] = "Func",
        [typeof(nint)] = "IntPtr",
        [typeof(Holder<nuint>)] = "Value",
        [typeof(Holder<CancellationToken>)] = "Value",
        [typeof(Holder<Stream>)] = "Value",
        [typeof(MemoryStream)] = "MemoryStream",
        [typeof(Holder<Expression<Func<int>>>)] = "Value",
        [typeof(Holder<Exception>)] = "Value",
        [typeof(Task)] = "Task",
        [typeof(Stack<int>)] = "reverse",
        [typeof(Holder<ImmutableStack<int>>)] = "Value",
        [typeof(IImmutableStack<int>)] = "reverse",
        [typeof(ConcurrentStack<int>)] = "reverse",
        [typeof(ConcurrentBag<int>)] = "reverse",
        [typeof(Stack)] = "reverse",
        [typeof(int[,])] = "dimensions",
        [typeof(Holder<int[,,]>)] = "Value",
        [typeof(Dictionary<(int, int), string>)] = "keys",
        [typeof(Holder<Dictionary<DateTime?[], int>>)] = "Value",
        [typeof(ILookup<string, int>)] = "ILookup",
        [typeof(System.Collections.ObjectModel.ReadOnlyCollection<int>)] = "ReadOnlyCollection",
        [typeof(IAsyncEnumerable<int>)] = "IAsyncEnumerable",
    };
}
