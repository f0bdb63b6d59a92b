using System.Buffers;
using System.Text;

namespace Asdamir.Data.HangfireJobs.StoredJobs;

/// <summary>
/// Hides secrets in text that is not JSON: <c>name=value</c> of connection strings and addresses, <c>name: value</c> of headers,
/// <c>--name value</c> of command lines, JSON inside a message, user, password and signature in an address, bearer tokens. It scans the
/// text once. An address inside another one is read in its encoded form.
/// </summary>
internal ref struct SecretText
{
    private const int LongestName = 100;
    private const int ShortestToken = 6;
    private const int MostEscapes = 7;
    private const string EncodedEquals = "%3D";
    private const string EncodedScheme = "%3A%2F%2F";
    private static readonly SearchValues<char> Marks = SearchValues.Create("=: %");
    private static readonly SearchValues<char> NoValue = SearchValues.Create(" \t\r\n\"'`;,&<>()[]{}\\|");
    private static readonly SearchValues<char> ListEnds = SearchValues.Create("\"'`\r\n");
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\r\n");
    private static readonly SearchValues<char> NoAuthority = SearchValues.Create(" \t\r\n\"'`<>/?#\\");
    private static readonly string[] Schemes = ["Bearer", "Basic", "Digest", "Negotiate", "ApiKey"];

    private readonly string _text;
    private readonly SecretNames _names;

    // Positions of the next marks, so that no part is scanned twice.
    private int _lineEnd = -1;
    private int _semicolon = -1;

    private SecretText(string text, SecretNames names) => (_text, _names) = (text, names);

    public static string Mask(string text, SecretNames names) => new SecretText(text, names).Mask();

    private string Mask()
    {
        var text = _text;
        StringBuilder? masked = null;
        var written = 0;
        for (var i = 0; i < text.Length;)
        {
            var mark = text.AsSpan(i).IndexOfAny(Marks);
            if (mark < 0)
                break;
            i += mark;
            var (start, end) = SecretAt(i);
            if (end > start)
            {
                masked ??= new StringBuilder(text.Length);
                masked.Append(text, written, start - written).Append(SecretMask.Hidden);
                written = end;
            }
            i = Math.Max(i + 1, end);
        }
        return masked is null ? text : masked.Append(text, written, text.Length - written).ToString();
    }

    /// <returns>The secret after a mark; empty when there is none.</returns>
    private (int Start, int End) SecretAt(int mark)
    {
        if (_text[mark] == '%')
            return InEncodedAddress(mark);
        if (_text[mark] == ' ')
            return _names.ContainOption(OptionBefore(_text, mark)) ? Value(_text, mark) : AfterScheme(_text, mark);
        if (_text[mark] == ':' && _text.AsSpan(mark).StartsWith("://", StringComparison.Ordinal))
            return InAddress(_text, mark + 3);
        var name = NameBefore(_text, mark);
        if (_text[mark] == '=' && IsInQuery(_text, mark - name.Length) && SecretNames.IsSecretInQuery(name))
            return (mark + 1, EndOf(_text, mark + 1, NoValue));
        return _names.Contain(name) ? Value(_text, mark) : default;
    }

    // As in ?name=value&name=value or #name=value.
    private static bool IsInQuery(string text, int start) => start > 0 && text[start - 1] is '?' or '&' or '#';

    // As in Authorization: Bearer eyJ…
    private static (int Start, int End) AfterScheme(string text, int space)
    {
        var before = text.AsSpan(0, space);
        foreach (var scheme in Schemes)
        {
            if (before.EndsWith(scheme, StringComparison.OrdinalIgnoreCase)
                && (before.Length == scheme.Length || !char.IsLetterOrDigit(before[^(scheme.Length + 1)])))
            {
                var end = EndOf(text, space + 1, NoValue);
                // A word follows in a sentence, as in "basic settings".
                return end - space > ShortestToken && text.AsSpan(space + 1, end - space - 1) is var token && LooksRandom(token)
                    ? (space + 1, end)
                    : default;
            }
        }
        return default;
    }

    // As in https://user:password@host/.
    private static (int Start, int End) InAddress(string text, int start)
    {
        var authority = text.AsSpan(start, EndOf(text, start, NoAuthority) - start);
        var at = authority.LastIndexOf('@');
        return at <= 0 ? default : (start + Math.Max(authority[..at].IndexOf(':') + 1, 0), start + at);
    }

    // As in ?next=https%3A%2F%2Fuser%3Apassword%40host%2F%3Fname%3Dvalue%26name%3Dvalue.
    private (int Start, int End) InEncodedAddress(int mark)
    {
        var rest = _text.AsSpan(mark);
        if (rest.StartsWith(EncodedEquals, StringComparison.OrdinalIgnoreCase))
        {
            var name = NameBefore(_text, mark);
            var start = mark + EncodedEquals.Length;
            return IsSecretInEncodedQuery(name) || (name.Length > 2 && IsSecretInEncodedQuery(name[2..]))
                ? (start, EncodedEndOf(start, "%26", "%23"))
                : default;
        }
        if (!rest.StartsWith(EncodedScheme, StringComparison.OrdinalIgnoreCase))
            return default;
        var user = mark + EncodedScheme.Length;
        var authority = _text.AsSpan(user, EncodedEndOf(user, "%2F", "%3F", "%23") - user);
        var at = authority.LastIndexOf("%40", StringComparison.OrdinalIgnoreCase);
        if (at <= 0)
            return default;
        var colon = authority[..at].IndexOf("%3A", StringComparison.OrdinalIgnoreCase);
        return (colon < 0 ? user : user + colon + "%3A".Length, user + at);
    }

    // The name may follow the digits of an encoded character, as in %26name.
    private bool IsSecretInEncodedQuery(ReadOnlySpan<char> name) => _names.Contain(name) || SecretNames.IsSecretInQuery(name);

    private int EncodedEndOf(int start, params ReadOnlySpan<string> ends)
    {
        var end = start;
        while (end < _text.Length && !NoValue.Contains(_text[end]) && !StartsWithAny(_text.AsSpan(end), ends))
            end++;
        return end;
    }

    private static bool StartsWithAny(ReadOnlySpan<char> text, ReadOnlySpan<string> encoded)
    {
        foreach (var character in encoded)
        {
            if (text.StartsWith(character, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private static ReadOnlySpan<char> NameBefore(string text, int mark)
    {
        var end = mark;
        while (end > 0 && text[end - 1] is ' ' or '"' or '\'' or '\\')
            end--;
        var start = end;
        while (start > 0 && end - start < LongestName && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '-' or '.'))
            start--;
        return text.AsSpan(start, end - start);
    }

    // As in --name value, "--name" "value" or -p value. Only one quote is skipped, so that no part is scanned twice.
    private static ReadOnlySpan<char> OptionBefore(string text, int space)
    {
        var end = space;
        if (end > 0 && text[end - 1] is '"' or '\'')
        {
            end--;
            for (var i = 0; i < MostEscapes && end > 0 && text[end - 1] == '\\'; i++)
                end--;
        }
        var start = end;
        while (start > 0 && end - start < LongestName && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '-' or '.'))
            start--;
        return text.AsSpan(start, end - start);
    }

    private (int Start, int End) Value(string text, int mark)
    {
        var start = mark + 1;
        while (start < text.Length && text[start] is ' ' or '\t')
            start++;
        if (start == text.Length)
            return default;
        var escapes = start;
        while (escapes < text.Length && text[escapes] == '\\')
            escapes++;
        if (escapes < text.Length && text[escapes] is '"' or '\'')
            return Quoted(text, escapes, escapes - start);
        if (_lineEnd < start)
            _lineEnd = EndOf(text, start, LineEnds);
        if (text[mark] == ':' && IsHeader(text, mark))
            return (start, _lineEnd);
        // Values in connection strings may contain spaces, commas and other marks.
        if (text[mark] == '=')
        {
            if (SemicolonFrom(start) is var semicolon && semicolon < _lineEnd)
                return (start, semicolon);
            if (FollowsSemicolon(text, mark))
                return (start, EndOf(text, start, ListEnds));
        }
        return (start, EndOf(text, escapes, NoValue));
    }

    private static bool FollowsSemicolon(string text, int mark)
    {
        var before = mark - 1;
        while (before >= 0 && mark - before <= LongestName && text[before] is not (';' or '=' or '\r' or '\n'))
            before--;
        return before >= 0 && text[before] == ';';
    }

    private int SemicolonFrom(int start)
    {
        if (_semicolon < start)
            _semicolon = _text.IndexOf(';', start) is var found and >= 0 ? found : _text.Length;
        return _semicolon;
    }

    // Within JSON that is itself a JSON text a quote follows 1, 3, 7… backslashes, and one in the value follows more.
    private static (int Start, int End) Quoted(string text, int quote, int escapes)
    {
        var end = quote + 1;
        for (var backslashes = 0; end < text.Length; end++)
        {
            if (text[end] == text[quote] && (backslashes + 1) % (2 * (escapes + 1)) == escapes + 1)
                break;
            backslashes = text[end] == '\\' ? backslashes + 1 : 0;
        }
        return (quote + 1, Math.Min(end, text.Length));
    }

    private static bool IsHeader(string text, int mark) =>
        NameBefore(text, mark) is var name
            && (name.EndsWith("authorization", StringComparison.OrdinalIgnoreCase)
                || name.EndsWith("cookie", StringComparison.OrdinalIgnoreCase));

    private static bool LooksRandom(ReadOnlySpan<char> token)
    {
        foreach (var character in token)
        {
            if (!char.IsLower(character))
                return true;
        }
        return token.Length > 20;
    }

    private static int EndOf(string text, int start, SearchValues<char> ends) =>
        text.AsSpan(start).IndexOfAny(ends) is var end and >= 0 ? start + end : text.Length;
}
