namespace Asdamir.Data.Analyzers.Tests;

public sealed class ArgumentAnalyzerTests
{
    [Fact]
    public async Task Arguments_ThatCannotBeStored_AreReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            public sealed record Good(
                int Id, string? Name, List<Line> Lines, IReadOnlyDictionary<string, int> Counts, DateTimeOffset At, Shape Shape,
                Good? Next);

            public sealed record Line(decimal Price);

            [JsonDerivedType(typeof(Circle), "circle")]
            public abstract record Shape;

            public sealed record Circle(int Radius) : Shape;

            public sealed record Bad(
                Stream Content, object Value, List<Action> Callbacks, int[,] Grid, IShape Unknown, CancellationToken Token);

            public interface IShape;

            public sealed record Ignored(
                [property: JsonIgnore] Stream? Content, [property: JsonConverter(typeof(JsonStringEnumConverter))] object Value);

            public abstract class Base<T> : IJob<T>
            {
                public Task<JobResult> ExecuteAsync(T args, IJobContext ctx, CancellationToken ct = default) =>
                    throw new NotSupportedException();
            }

            public sealed class GoodJob : Base<Good>;

            public sealed class IgnoredJob : Base<Ignored>;

            public sealed class StreamJob : Base<Stream>; // ADJ0003

            public sealed class BadJob : Base<Bad>; // ADJ0003 ADJ0003 ADJ0003 ADJ0003 ADJ0003 ADJ0003
            """);
    }

    [Fact]
    public async Task Arguments_NamedLikeSecrets_AreReported()
    {
        await Source.IsReportedAsMarkedAsync(
            """
            public sealed record Args(
                string Password, // ADJ0010
                string GitHubToken, // ADJ0010
                string MailApiKey, // ADJ0010
                string PassengerName, int TokenCount, string Key);

            public sealed class ImportJob : IJob<Args>
            {
                public Task<JobResult> ExecuteAsync(Args args, IJobContext ctx, CancellationToken ct = default) =>
                    throw new NotSupportedException();
            }
            """);
    }
}
