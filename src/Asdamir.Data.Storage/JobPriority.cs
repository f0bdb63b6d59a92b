using System.Globalization;

namespace Asdamir.Data.Storage;

/// <summary>
/// The priority of a job, from <see cref="First"/> to <see cref="Last"/>. It is a parameter that is set when the job is created;
/// <see cref="SqliteJobStorage"/> and <see cref="PostgreSqlJobStorage"/> claim the jobs of a queue in the order of it. A job that waits
/// gains one class after each aging time, so none starves.
/// </summary>
public static class JobPriority
{
    /// <summary>The parameter of a job with its priority.</summary>
    public const string Parameter = "Priority";

    /// <summary>The field of a recurring job with the priority of the jobs that it creates.</summary>
    public const string RecurringField = "Asdamir.Priority";

    /// <summary>The priority of jobs that are claimed first.</summary>
    public const int First = 0;

    /// <summary>The priority of a job without the parameter.</summary>
    public const int Default = 5;

    /// <summary>The priority of jobs that are claimed last.</summary>
    public const int Last = 9;

    private static readonly TimeSpan LongestAging = TimeSpan.FromDays(365);

    /// <summary>The value of <see cref="Parameter"/>.</summary>
    /// <param name="priority">From <see cref="First"/> to <see cref="Last"/>.</param>
    /// <param name="aging">After how long a waiting job gains one class: above zero, and at most a year.</param>
    /// <exception cref="ArgumentOutOfRangeException">The priority or the time is out of range.</exception>
    public static string Of(int priority, TimeSpan aging)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(priority, First);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(priority, Last);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(aging, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(aging, LongestAging);
        return string.Create(CultureInfo.InvariantCulture, $"{priority}/{(long)Math.Ceiling(aging.TotalMilliseconds)}");
    }

    /// <summary>The priority in <see cref="Parameter"/> of a job.</summary>
    /// <param name="parameter">The value as it is stored, which is JSON.</param>
    /// <returns>The priority; <see cref="Default"/> when there is none that can be read.</returns>
    public static int Read(string? parameter) => Parse(parameter)?.Priority ?? Default;

    internal static (int Priority, TimeSpan Aging)? Parse(string? parameter) =>
        JobKeys.TextOf(parameter)?.Split('/') is [var priority, var aging]
            && int.TryParse(priority, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= Last
            && long.TryParse(aging, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            && time > 0
            && time <= LongestAging.TotalMilliseconds
            ? (number, TimeSpan.FromMilliseconds(time))
            : null;
}
