namespace Asdamir.Data.Storage.CrashTests;

/// <summary>Two processes that make calls until they are killed, one after the other, and start again.</summary>
internal static class KilledCallers
{
    private const int Kills = 6;

    /// <param name="files">Where they note the answers.</param>
    /// <param name="start">Starts such a process, which notes each answer as a line of the ledger with this path.</param>
    /// <param name="callsBeforeAKill">How many answers a process gets before it is killed, and one more for each kill before.</param>
    /// <param name="afterKill">Called after each kill.</param>
    public static async Task RunAsync(
        Files files, Func<string, Task<StorageProcess>> start, int callsBeforeAKill, Func<Task>? afterKill = null)
    {
        string[] ledgers = [files.NewPath(), files.NewPath()];
        StorageProcess[] processes = [await start(ledgers[0]), await start(ledgers[1])];
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                var victim = kill % processes.Length;
                var before = Answers(ledgers[victim]);
                await Until.TrueAsync(
                    () => Answers(ledgers[victim]) >= before + callsBeforeAKill + kill, "calls were answered",
                    () => processes[victim].Log);
                await processes[victim].KillAsync();
                await processes[victim].DisposeAsync();
                if (afterKill is not null)
                    await afterKill();
                processes[victim] = await start(ledgers[victim]);
            }
        }
        finally
        {
            foreach (var process in processes)
            {
                await process.KillAsync();
                await process.DisposeAsync();
            }
        }
    }

    private static int Answers(string ledger) =>
        File.Exists(ledger) ? File.ReadAllText(ledger).Count(static character => character == '\n') : 0;
}
