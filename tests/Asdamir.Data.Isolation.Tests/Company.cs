using Apps.Kit;

namespace Asdamir.Data.Isolation.Tests;

/// <summary>A company: one schema of its own on the real server, its apps as processes, and what the schema and the ledger say.</summary>
public sealed class Company(PostgresServer server) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly List<AppProcess> _processes = [];

    public string Schema { get; } = server.NewSchema();

    public Task<AppProcess> StartCrmAsync(params string[] options) => StartAsync("Crm", "crm", [], options);

    public Task<AppProcess> StartHrAsync(params string[] options) => StartAsync("Hr", "hr", [], options);

    public Task<AppProcess> StartConsoleAsync() => StartAsync("Console", "", [], []);

    public async Task<AppProcess> StartAsync(string app, string code, Dictionary<string, string> environment, string[] options)
    {
        var process = await AppProcess.StartAsync(
            app,
            [
                $"--HangfireJobs:AppQueue={code}", $"--HangfireJobs:RecurringJobIdPrefix={code}",
                "--HangfireJobs:Storage:Provider=PostgreSql", $"--HangfireJobs:Storage:ConnectionString={server.ConnectionString}",
                $"--HangfireJobs:Storage:Schema={Schema}", "--HangfireJobs:WorkerCount=4",
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
            "select run_id, app, job, attempt, culture, arguments, pid, started, ended, outcome from public.ledger where tag = $1 order by started");
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
    public string Tag(string tag) => $"{Schema}/{tag}";

    public Task<string?> StateAsync(string runId) =>
        ScalarAsync<string>($"select statename from {Schema}.job where id = {runId}");

    public Task<string?> ReasonAsync(string runId) =>
        ScalarAsync<string>($"select s.reason from {Schema}.job j join {Schema}.state s on s.id = j.stateid where j.id = {runId}");

    public async Task<string?> ParameterAsync(string runId, string name) =>
        await ScalarAsync<string>($"select value from {Schema}.jobparameter where jobid = {runId} and name = '{name}'");

    /// <summary>The queues that hold a row of the run; a queue stands as often as it holds one.</summary>
    public async Task<IReadOnlyList<string>> QueueRowsAsync(string runId)
    {
        await using var query = server.Database.CreateCommand($"select queue from {Schema}.jobqueue where jobid = {runId}");
        await using var reader = await query.ExecuteReaderAsync();
        List<string> queues = [];
        while (await reader.ReadAsync())
            queues.Add(reader.GetString(0));
        return queues;
    }

    public async Task<long> CountAsync(string fromWhere) =>
        await ScalarAsync<long>($"select count(*) from {fromWhere.Replace("{schema}", Schema, StringComparison.Ordinal)}");

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var query = server.Database.CreateCommand(sql);
        return await query.ExecuteScalarAsync() is T value ? value : default;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = server.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public Task UntilStateAsync(string runId, string state) =>
        UntilAsync(async () => await StateAsync(runId) == state, async () => $"Run {runId} is {await StateAsync(runId)} ({await ReasonAsync(runId)}) and not {state}");

    public Task UntilAsync(Func<Task<bool>> condition, string what) => UntilAsync(condition, () => Task.FromResult($"Not in time: {what}"));

    private async Task UntilAsync(Func<Task<bool>> condition, Func<Task<string>> explain)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"{await explain()}\n{string.Join("\n", _processes.Select(process => process.Log))}");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
    }
}

public sealed record Execution(
    string RunId, string App, string Job, int Attempt, string Culture, string? Arguments, int ProcessId,
    DateTime Started, DateTime? Ended, string? Outcome);
