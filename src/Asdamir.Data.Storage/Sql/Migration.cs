using System.Globalization;
using System.Reflection;

namespace Asdamir.Data.Storage.Sql;

/// <summary>A numbered change of the tables, embedded as <c>Migrations/NNNN_name.sql</c> of a database's folder.</summary>
/// <param name="Number">Its place; applied once, in this order.</param>
/// <param name="Sql">With <c>{s}</c> for the schema.</param>
internal sealed record Migration(int Number, string Sql)
{
    /// <summary>
    /// The lowest version a package must know to work with these tables. A migration that is incompatible with older packages
    /// raises it to its number.
    /// </summary>
    public const int OldestCompatible = 16;

    public static IReadOnlyList<Migration> Of(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"{assembly.GetName().Name}.{folder}.Migrations.";
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => new Migration(int.Parse(name.AsSpan(prefix.Length, 4), CultureInfo.InvariantCulture), Read(assembly, name)))];
    }

    /// <summary>Checks that this package can work with, or update, tables that another package created.</summary>
    /// <exception cref="NotSupportedException">The tables are newer than this package can work with, or older than the first release.
    /// </exception>
    public static void CheckCompatible(int applied, int oldestCompatible, IReadOnlyList<Migration> known, SqlDatabase database)
    {
        var description = database.Description;
        if (applied > 0 && applied < known[0].Number)
        {
            throw new NotSupportedException(
                $"The tables of the job storage ({description}) are at version {applied}, of a build before the first release; "
                    + $"this package begins with version {known[0].Number} and cannot update them. Nothing was changed. "
                    + $"Fix: {database.Removal}, with all jobs in it, and this package creates it anew; "
                    + "or keep the package that created it.");
        }
        if (applied > known[^1].Number && oldestCompatible > known[^1].Number)
        {
            throw new NotSupportedException(
                $"The tables of the job storage ({description}) are at version {applied} and need a package that knows version "
                    + $"{oldestCompatible}; this one knows version {known[^1].Number}. "
                    + "Fix: update the package Asdamir.Data.Storage of this app.");
        }
    }

    /// <summary>Creates the exception for missing or old tables when Migrate is off.</summary>
    public static JobStorageUnavailableException Outdated(int applied, IReadOnlyList<Migration> known, string description) => new(
        applied == 0
            ? $"There are no tables of this job storage ({description}), and the option Migrate is off. Nothing was written. "
                + "Fix: correct the address, or start an app that creates them."
            : $"The tables of the job storage ({description}) are at version {applied}, this package needs {known[^1].Number}, "
                + "and the option Migrate is off. Nothing was written. Fix: start an app with the same package, which updates them.")
    {
        Fault = applied == 0 ? JobStorageFault.TablesMissing : JobStorageFault.TablesOutdated,
    };

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
