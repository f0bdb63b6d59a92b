using System.Runtime.InteropServices;
using Apps.Storage;
using Hangfire;
using Kit;

var settings = new Settings(args);
GlobalConfiguration.Configuration.UseLogProvider(new ErrorStreamLog());
using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});
using var ledger = new Ledger(settings.Ledger);
using var storage = settings.Open();
if (settings.Mode == "enqueue")
{
    Console.WriteLine("@ready");
    new Enqueuer(storage, ledger, settings).Run(stop.Token);
}
else if (settings.Mode == "keyed")
{
    Console.WriteLine("@ready");
    KeyedEnqueuer.Run(storage, ledger, settings.Count, stop.Token);
}
else if (settings.Mode == "replace")
{
    Console.WriteLine("@ready");
    ReplacingEnqueuer.Run(storage, ledger, settings.Count, stop.Token);
}
else if (settings.Mode == "stall")
{
    StalledServer.Run(storage, settings.IsPoolBusy);
    Console.WriteLine("@ready");
    stop.Token.WaitHandle.WaitOne();
}
else
{
    Work.Ledger = ledger;
    Work.IsDeadly = settings.IsDeadly;
    using var server = new BackgroundJobServer(
        new BackgroundJobServerOptions
        {
            WorkerCount = settings.Threads,
            SchedulePollingInterval = TimeSpan.FromSeconds(1),
            ShutdownTimeout = settings.ShutdownTimeout,
        },
        storage);
    Console.WriteLine("@ready");
    stop.Token.WaitHandle.WaitOne();
}
