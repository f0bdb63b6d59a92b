using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Asdamir.Data.Storage.Sql.Tables;

/// <summary>
/// What many jobs have in common: type, method and parameter types. Each combination is stored once, under an id that follows from it, so
/// that a process which has to write it again finds the same one.
/// </summary>
internal static class InvocationTable
{
    /// <summary>The columns as a row of jobs refers to them.</summary>
    public const string Columns = $"{Type}, {Method}, {ParameterTypes}";

    private const string Type = "(SELECT i.type FROM {s}invocation AS i WHERE i.id = j.invocation_id)";
    private const string Method = "(SELECT i.method FROM {s}invocation AS i WHERE i.id = j.invocation_id)";
    private const string ParameterTypes = "(SELECT i.parameter_types FROM {s}invocation AS i WHERE i.id = j.invocation_id)";

    public static long IdOf(JobCall invocation)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(Text(invocation)), hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }

    /// <summary>Writes a row, or restores one that was changed from outside: it would break all jobs that refer to it.</summary>
    public static void Write(Session session, long id, JobCall invocation) =>
        session.Execute(
            """
            INSERT INTO {s}invocation AS i (id, type, method, parameter_types) VALUES (@id, @type, @method, @types)
            ON CONFLICT (id) DO UPDATE SET type = excluded.type, method = excluded.method, parameter_types = excluded.parameter_types
            WHERE i.type IS DISTINCT FROM excluded.type
                OR i.method IS DISTINCT FROM excluded.method
                OR i.parameter_types IS DISTINCT FROM excluded.parameter_types
            """,
            ("@id", id), ("@type", invocation.Type), ("@method", invocation.Method), ("@types", invocation.ParameterTypes));

    // The lengths keep the parts apart.
    private static string Text(JobCall invocation) =>
        $"{invocation.Type?.Length} {invocation.Method?.Length} {invocation.Type}{invocation.Method}{invocation.ParameterTypes}";
}
