using System.Text.Json;

namespace Apps.Kit;

/// <summary>One line the test writes to the app: what to do, and with what.</summary>
public sealed record Command(
    string Name, string? Job = null, WorkOrder? Order = null, string? Id = null, string? Text = null,
    string? Cron = null, string? TimeZone = null, double Seconds = 0, int Count = 0)
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);
}

/// <summary>What a job of the test apps shall do. Everything it did is written to the ledger.</summary>
/// <param name="Tag">Finds the entries of a test again.</param>
/// <param name="Seconds">How long it works.</param>
/// <param name="After">Tags: it also works until a job of each has ended.</param>
/// <param name="FailAttempts">How many attempts fail.</param>
/// <param name="FailureText">What it says when it fails.</param>
/// <param name="OnCancel">What it does with its token.</param>
/// <param name="KillProcess">Kills its own process, with SIGKILL.</param>
/// <param name="KillBeforeTheCommit">Kills its own process when it has succeeded and that is not committed, the first time.</param>
/// <param name="Amount">Travels through the storage.</param>
/// <param name="At">Travels through the storage.</param>
public sealed record WorkOrder(
    string Tag, double Seconds = 0, IReadOnlyList<string>? After = null, int FailAttempts = 0, string? FailureText = null,
    OnCancel OnCancel = OnCancel.Honour, bool KillProcess = false,
    bool KillBeforeTheCommit = false,
    decimal? Amount = null, DateTimeOffset? At = null);

public enum OnCancel
{
    Honour,
    WrapInFailure,
    Ignore,
}
