using Apps.Kit;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>A company: its storage, its apps as processes, and what the tables and the ledger say.</summary>
public sealed class Company(CompanyServer server, string name, JobTables stored) : IAsyncDisposable
{
    private readonly List<AppProcess> _processes = [];

    public JobTables Stored => stored;

    private string Logs => string.Join('\n', _processes.Select(static process => process.Log));

    public Task<AppProcess> StartCrmAsync(params string[] options) => StartAsync("Crm", "crm", [], options);

    public Task<AppProcess> StartHrAsync(params string[] options) => StartAsync("Hr", "hr", [], options);

    public Task<AppProcess> StartConsoleAsync() => StartAsync("Console", "", [], []);

    public async Task<AppProcess> StartAsync(string app, string code, Dictionary<string, string> environment, string[] options)
    {
        var process = await AppProcess.StartAsync(
            app,
            [
                $"--HangfireJobs:AppQueue={code}", $"--HangfireJobs:RecurringJobIdPrefix={code}",
                .. stored.Settings, $"--Ledger={server.ConnectionString}", "--HangfireJobs:WorkerCount=4",
                "--HangfireJobs:Retry:BaseDelay=00:00:01", "--HangfireJobs:Retry:MaxDelay=00:00:01", "--HangfireJobs:Retry:Jitter=0",
                .. options,
            ],
            environment);
        _processes.Add(process);
        return process;
    }

    public static async Task<string> EnqueueAsync(AppProcess app, WorkOrder order, string? job = null) =>
        (await app.SendAsync(new Command("enqueue", job, order))).GetString()!;

    public async Task<IReadOnlyList<Execution>> ExecutionsAsync(string tag)
    {
        await using var query = server.Database.CreateCommand(
            "select job_id, app, job, attempt, culture, arguments, pid, started, ended, "
                + "outcome from public.ledger where tag = $1 order by started");
        query.Parameters.AddWithValue(Tag(tag));
        await using var reader = await query.ExecuteReaderAsync();
        List<Execution> executions = [];
        while (await reader.ReadAsync())
        {
            executions.Add(new Execution(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.GetInt32(6), reader.GetDateTime(7),
                reader.IsDBNull(8) ? null : reader.GetDateTime(8), reader.IsDBNull(9) ? null : reader.GetString(9)));
        }
        return executions;
    }

    /// <summary>Makes a tag unique to this company, as all companies share the ledger.</summary>
    public string Tag(string tag) => $"{name}/{tag}";

    public Task UntilStateAsync(string jobId, string state) =>
        Until.TrueAsync(
            async () => await stored.StateAsync(jobId) == state,
            $"job {jobId} is {state}",
            async () => $"it is {await stored.StateAsync(jobId)} ({await stored.ReasonAsync(jobId)})\n{Logs}");

    public Task UntilAsync(Func<Task<bool>> condition, string what) => Until.TrueAsync(condition, what, () => Task.FromResult(Logs));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
        await stored.DisposeAsync();
    }
}

public sealed record Execution(
    string JobId, string App, string Job, int Attempt, string Culture, string? Arguments, int ProcessId,
    DateTime Started, DateTime? Ended, string? Outcome);
