using System.Globalization;
using Asdamir.Data.HangfireJobs;
using Asdamir.Data.Storage;

namespace Asdamir.Data.Tests.Architecture;

/// <summary>
/// Names, keys and identifiers compare by their characters: a culture that calls two of them equal would make one write replace another.
/// </summary>
public sealed class CultureTests
{
    [Fact]
    public void Storage_ComparesNoTextByCulture() => Assert.Empty(CultureBoundCalls.Of(typeof(SqlJobStorage).Assembly));

    [Fact]
    public void Library_ComparesNoTextByCulture() => Assert.Empty(CultureBoundCalls.Of(typeof(IJob).Assembly));

    [Fact]
    public void Search_FindsEveryKindOfComparison()
    {
        var found = CultureBoundCalls.Of(typeof(CultureTests).Assembly, $"{typeof(CultureTests).FullName}/{nameof(Bound)}");

        var methods = typeof(Bound).GetMethods().Where(static method => method.DeclaringType == typeof(Bound))
            .Select(static method => method.Name).Order(StringComparer.Ordinal);
        Assert.Equal(methods, found.Select(static place => place.Split(": ")[0].Split('.')[^1]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Search_PassesOver_WhatComparesCharacters() =>
        Assert.Empty(CultureBoundCalls.Of(typeof(CultureTests).Assembly, $"{typeof(CultureTests).FullName}/{nameof(Free)}"));

#pragma warning disable CA1304, CA1305, CA1307, CA1309, CA1310, CA1311, CA1862 // What the search must find.
    internal static class Bound
    {
        public static object SortedPairs() => new SortedDictionary<(string, string), int>();

        public static object SortedNumbersWithText() => new SortedSet<(long, string)>();

        public static object SortedTexts() => new SortedSet<string>();

        public static object Queue() => new PriorityQueue<int, string>();

        public static object DefaultComparer() => Comparer<(string, int)>.Default;

        public static object OrderedTexts(string[] texts) => texts.Order();

        public static object OrderedPairs((string, int)[] pairs) => pairs.OrderBy(pair => pair);

        public static object OrderedByText(int[] numbers) => numbers.OrderBy(number => 0).ThenByDescending(number => $"{number}");

        public static object? Least(string[] texts) => texts.Min();

        public static void SortedArray(string[] texts) => Array.Sort(texts);

        public static void SortedList(List<string> texts) => texts.Sort();

        public static int ComparedPairs((string, int) one, (string, int) other) => one.CompareTo(other);

        public static int ComparedTexts(string one, string other) => one.CompareTo(other);

        public static int ComparedWithCase(string one, string other) => string.Compare(one, other, true, CultureInfo.InvariantCulture);

        public static bool Begins(string text) => text.StartsWith("ab");

        public static int Position(string text) => text.IndexOf("ab", StringComparison.CurrentCulture);

        public static string Upper(string text) => text.ToUpper();

        public static object Comparer() => StringComparer.InvariantCultureIgnoreCase;

        public static int Information(string one, string other) => CultureInfo.InvariantCulture.CompareInfo.Compare(one, other);
    }
#pragma warning restore CA1304, CA1305, CA1307, CA1309, CA1310, CA1311, CA1862

    internal static class Free
    {
        public static object SortedTexts() => new SortedSet<string>(StringComparer.Ordinal);

        public static object SortedNumbers() => new SortedDictionary<(long, int), string>();

        public static object OrderedTexts(string[] texts) => texts.Order(StringComparer.OrdinalIgnoreCase).ThenBy(text => text.Length);

        public static long? Highest((string, long?)[] pairs) => pairs.OrderBy(pair => pair.Item2).Max(pair => pair.Item2);

        public static bool Begins(string text) =>
            text.StartsWith("ab", StringComparison.Ordinal) || text.StartsWith('b')
                || text.EndsWith("c", StringComparison.OrdinalIgnoreCase);

        public static string Replaced(string text) => text.Replace("a", "b", StringComparison.Ordinal).ToUpperInvariant();
    }
}
