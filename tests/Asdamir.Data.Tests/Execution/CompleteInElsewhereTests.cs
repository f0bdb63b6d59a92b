using Asdamir.Data.HangfireJobs;
using Microsoft.Data.Sqlite;

namespace Asdamir.Data.Tests.Execution;

public sealed class CompleteInOnSqlite() : CompleteInElsewhereTests(StorageKind.Sqlite);

public sealed class CompleteInInMemory() : CompleteInElsewhereTests(StorageKind.InMemory);

/// <summary>Where jobs cannot end in a transaction, the error says what is missing.</summary>
public abstract class CompleteInElsewhereTests(StorageKind kind) : ScriptedJobTests(kind)
{
    [Fact]
    public async Task CompleteIn_SaysWhatIsMissing_OnAnotherStorage()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        Exception? error = null;
        await using var host = await StartAsync(async (ctx, ct) =>
            error = await Record.ExceptionAsync(() => ctx.CompleteInAsync(transaction, ct: ct)));

        await host.WaitForAsync(host.Jobs.Enqueue<ScriptedJob>(), JobState.Succeeded);

        var message = Assert.IsType<NotSupportedException>(error).Message;
        Assert.Contains("only when jobs are stored in PostgreSQL", message, StringComparison.Ordinal);
        Assert.Contains("SqliteTransaction", message, StringComparison.Ordinal);
    }
}
