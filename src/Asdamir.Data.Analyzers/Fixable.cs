namespace Asdamir.Data.Analyzers;

/// <summary>What the analyzers tell the code fixes, which are another assembly.</summary>
internal static class Fixable
{
    public const string TokenNotPassed = "ADJ0002";
    public const string InvalidSchedule = "ADJ0005";
    public const string DisabledConcurrency = "ADJ0009";

    /// <summary>The parameter of the job that is its token.</summary>
    public const string Token = nameof(Token);

    /// <summary>The parameter of the called method that takes the token.</summary>
    public const string Parameter = nameof(Parameter);

    /// <summary>The id of a time zone that is not one of IANA.</summary>
    public const string TimeZone = nameof(TimeZone);
}
