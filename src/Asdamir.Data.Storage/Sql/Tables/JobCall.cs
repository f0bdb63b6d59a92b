namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>The method that a job calls, as its row has it.</summary>
/// <param name="Queue">The queue that the job itself names.</param>
internal sealed record JobCall(string? Type, string? Method, string? ParameterTypes, string? Arguments, string? Queue);
