using System.Diagnostics;
using Kit;

namespace Fleet;

/// <summary>The job of all systems: notes when it began, on the clock that all processes share.</summary>
public static class TrivialJob
{
    private static Ledger? s_ledger;

    public static void NoteIn(Ledger? ledger) => s_ledger = ledger;

    public static void Run(int number) => s_ledger!.Write($"{number} {Stopwatch.GetTimestamp()}");
}
