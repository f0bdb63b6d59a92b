using System.Globalization;
using Asdamir.AdminConsole.Access;

namespace Asdamir.AdminConsole.Features.Audit;

/// <summary>
/// Bounds what refused attempts add to the audit, so that no stranger can fill it. Within a window repeats of an attempt are
/// counted and written as one line; so are further attempts of a source that has many lines, and those of further sources
/// when there are many. A person with a role in the company has a line for each attempt, up to a high limit.
/// </summary>
internal sealed class RefusedAttempts(Action<Attempt> write, TimeProvider time)
{
    public const int LinesOfStranger = 30;
    public const int LinesOfPerson = 200;
    public const int LinesOfAllStrangers = 200;

    /// <summary>How many counted lines wait while the audit cannot be written. All further ones of a company become one line.</summary>
    public const int MostUnwritten = 1_000;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<object, Repeats> _repeats = [];
    private readonly Dictionary<string, int> _lines = [];
    private readonly List<Repeats> _unwritten = [];
    private readonly Dictionary<string, Repeats> _further = [];
    private int _anonymousLines;

    /// <param name="source">Who or what is counted: a user, or a network without one.</param>
    /// <param name="isAnonymous">Whether the source is a network, without a user.</param>
    public void Add(Attempt attempt, string source, bool isAnonymous)
    {
        var isPerson = !isAnonymous && attempt.Role != Role.None;
        lock (_gate)
        {
            var lines = _lines.GetValueOrDefault(source);
            var exact = (source, attempt.Phase, attempt.Action, attempt.Company, attempt.Actor, attempt.Target, attempt.Why);
            if (!isPerson && _repeats.TryGetValue(exact, out var repeats))
            {
                repeats.Count(time.GetUtcNow());
                return;
            }
            if (lines >= (isPerson ? LinesOfPerson : LinesOfStranger) || (isAnonymous && _anonymousLines >= LinesOfAllStrangers))
            {
                Fold(attempt, source, lines > 0);
                return;
            }
            _lines[source] = lines + 1;
            if (isAnonymous)
                _anonymousLines++;
            if (!isPerson)
                _repeats.Add(exact, new Repeats(attempt, time.GetUtcNow()));
        }
        write(attempt);
    }

    /// <summary>
    /// Ends the window: writes what was counted in it. Lines that cannot be written are kept for the end of the next window, up to a limit.
    /// </summary>
    public void Flush()
    {
        List<Repeats> counted;
        lock (_gate)
        {
            counted = [.. _unwritten, .. _further.Values, .. _repeats.Values.Where(static repeats => repeats.Times > 0)];
            _unwritten.Clear();
            _further.Clear();
            _repeats.Clear();
            _lines.Clear();
            _anonymousLines = 0;
        }
        var written = 0;
        try
        {
            for (; written < counted.Count; written++)
                write(counted[written].Line);
        }
        finally
        {
            lock (_gate)
                counted.Skip(written).ToList().ForEach(Keep);
        }
    }

    private void Keep(Repeats repeats)
    {
        if (_unwritten.Count < MostUnwritten)
            _unwritten.Add(repeats);
        else if (_further.TryGetValue(repeats.Company, out var further))
            further.Include(repeats);
        else
            _further.Add(repeats.Company, repeats.Summed("Refused attempts, while the audit could not be written."));
    }

    // By source where the source has lines already, which bounds how many there are; of all others together otherwise.
    private void Fold(Attempt attempt, string source, bool isKnown)
    {
        var key = isKnown ? (attempt.Company, (string?)source) : (attempt.Company, null);
        if (!_repeats.TryGetValue(key, out var repeats))
        {
            var line = isKnown
                ? attempt with { Target = null, TraceId = null, Why = "Further refused attempts of this source." }
                : Anonymous(attempt, "Refused attempts of further sources.");
            _repeats.Add(key, repeats = new Repeats(line, time.GetUtcNow()));
        }
        repeats.Count(time.GetUtcNow());
    }

    private static Attempt Anonymous(Attempt attempt, string why) =>
        attempt with { Actor = null, Target = null, Address = null, TraceId = null, Why = why };

    private sealed class Repeats(Attempt attempt, DateTimeOffset from)
    {
        private DateTimeOffset? _to;

        public long Times { get; private set; }

        public string Company => attempt.Company ?? "";

        public Attempt Line => attempt with
        {
            Why = string.Create(
                CultureInfo.InvariantCulture, $"{attempt.Why} ({Times:N0} more from {from:HH:mm:ss} to {_to ?? from:HH:mm:ss} UTC)"),
        };

        public void Count(DateTimeOffset now)
        {
            Times++;
            _to = now;
        }

        /// <summary>The same number, without who and what.</summary>
        public Repeats Summed(string why) => new(Anonymous(attempt, why) with { Subject = null }, from) { Times = Times, _to = _to };

        public void Include(Repeats later)
        {
            Times += later.Times;
            _to = later._to ?? _to;
        }
    }
}
