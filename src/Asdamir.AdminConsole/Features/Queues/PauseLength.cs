namespace Asdamir.AdminConsole.Features.Queues;

/// <summary>How long a pause lasts, as the form offers it: the console does not know the time zone of the operator.</summary>
/// <param name="Value">Its value in forms.</param>
/// <param name="Name">Its words, in the language of the page.</param>
/// <param name="Length">The time; <see langword="null"/> for a pause that lasts until it is resumed.</param>
public sealed record PauseLength(string Value, Func<string> Name, TimeSpan? Length)
{
    public static IReadOnlyList<PauseLength> All { get; } =
    [
        new("", static () => QueuesTexts.UntilResumed, null),
        new("15m", static () => QueuesTexts.Minutes15, TimeSpan.FromMinutes(15)),
        new("1h", static () => QueuesTexts.Hour, TimeSpan.FromHours(1)),
        new("4h", static () => QueuesTexts.Hours4, TimeSpan.FromHours(4)),
        new("1d", static () => QueuesTexts.Day, TimeSpan.FromDays(1)),
        new("7d", static () => QueuesTexts.Week, TimeSpan.FromDays(7)),
    ];

    /// <returns><see langword="null"/> when the form offers no such one.</returns>
    public static PauseLength? Of(string value) => All.FirstOrDefault(length => length.Value == value);
}
