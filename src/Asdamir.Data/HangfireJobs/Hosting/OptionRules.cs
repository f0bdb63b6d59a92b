using Microsoft.Extensions.Options;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Validates each setting by its attributes; the code is generated. The name given to <c>Validate</c> is the section of the options, and
/// becomes the beginning of each key in the messages.
/// </summary>
[OptionsValidator]
internal sealed partial class OptionRules : IValidateOptions<HangfireJobsOptions>, IValidateOptions<HangfireJobsStorageOptions>
{
    private const string StorageSection = $"{HangfireJobsOptions.SectionName}:{nameof(HangfireJobsOptions.Storage)}";

    public static IEnumerable<string> FaultsOf(HangfireJobsOptions options) =>
    [
        .. new OptionRules().Validate(HangfireJobsOptions.SectionName, options).Failures ?? [],
        .. OptionRelations.FaultsOf(options.Storage, StorageSection),
        .. OptionRelations.FaultsOf(options),
    ];

    /// <param name="section">The path of the options in the configuration.</param>
    public static IEnumerable<string> FaultsOf(HangfireJobsStorageOptions options, string section) =>
    [
        .. OptionRelations.FaultsOf(options, section),
        .. new OptionRules().Validate(section, options).Failures ?? [],
    ];
}
