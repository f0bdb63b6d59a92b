using Asdamir.Data.HangfireJobs;
using Asdamir.Data.HangfireJobs.Settings;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;

namespace Asdamir.Data.CommandLine.Connections;

/// <summary>Reads where the schema is as an app does: from its settings files, then from environment variables.</summary>
internal static class SettingsFiles
{
    private const string DefaultFile = "appsettings.json";
    private const string Section = HangfireJobsOptions.SectionName;

    /// <exception cref="UsageException">There are no settings, or they are wrong.</exception>
    public static SchemaLocation Read(IReadOnlyList<string> files, ToolEnvironment environment)
    {
        var paths = files.Select(file => Path.GetFullPath(file, environment.Folder)).ToList();
        var fallback = Path.Combine(environment.Folder, DefaultFile);
        if (paths.Count == 0 && File.Exists(fallback))
            paths.Add(fallback);
        var section = Load(paths, environment).GetSection(Section);
        if (!section.Exists())
        {
            var searched = paths.Count == 0 ? $"no {DefaultFile} in this folder" : $"not one of {string.Join(", ", paths)}";
            throw new UsageException(
                $"There are no settings of jobs: {searched} has a "
                    + $"section {Section}, and no environment variable {Section}__Storage__ConnectionString is set. Fix: name the "
                    + "settings file of the app with --settings, or a SQLite file with --sqlite.");
        }
        var options = new HangfireJobsOptions();
        List<string> faults = [];
        OptionsReader.Read(section, options, faults);
        faults.AddRange(JobMonitor.Validate(options.Storage, $"{Section}:{nameof(options.Storage)}"));
        if (options.Storage.Provider.Equals("InMemory", StringComparison.OrdinalIgnoreCase))
        {
            faults.Add(
                $"{Section}:Storage:Provider = 'InMemory' keeps jobs in the memory of the app, where no other process sees them. "
                    + "Fix: use Sqlite or PostgreSql.");
        }
        if (faults.Count > 0)
            throw new UsageException(string.Join(Environment.NewLine, faults));
        return new SchemaLocation
        {
            Storage = options.Storage,
            Folder = paths.Count > 0 ? Path.GetDirectoryName(paths[0])! : environment.Folder,
            MaskedKeys = options.Access.MaskedKeys,
            AppQueue = options.AppQueue,
        };
    }

    public static SchemaLocation OfSqlite(string path) => new()
    {
        Storage = new HangfireJobsStorageOptions
        {
            ConnectionString = new SqliteConnectionStringBuilder { DataSource = path }.ToString(),
        },
        Folder = Path.GetDirectoryName(path)!,
    };

    private static IConfigurationRoot Load(IEnumerable<string> paths, ToolEnvironment environment)
    {
        var configuration = new ConfigurationBuilder();
        foreach (var path in paths)
        {
            if (!File.Exists(path))
                throw new UsageException($"--settings = '{path}' is not there. Fix: name the settings file of the app.");
            configuration.AddJsonFile(path);
        }
        configuration.AddInMemoryCollection(
            environment.Variables.Where(static pair => pair.Key.StartsWith(Section, StringComparison.OrdinalIgnoreCase))
                .Select(static pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value)));
        try
        {
            return configuration.Build();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // Not the inner message: a parser repeats what it read.
            throw new UsageException($"The settings cannot be read: {exception.Message} Fix: correct the file.");
        }
    }
}
