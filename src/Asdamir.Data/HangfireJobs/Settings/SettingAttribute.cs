using System.ComponentModel.DataAnnotations;

namespace Asdamir.Data.HangfireJobs.Settings;

/// <summary>
/// A rule for the value of one setting. The attributes of System.ComponentModel.DataAnnotations do not put the value into their messages,
/// and have no place for a fix; this one builds the whole message. A <see langword="null"/> means that the setting was left out, and is
/// valid.
/// </summary>
/// <param name="fix">What to do about an invalid value, in the imperative.</param>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class SettingAttribute(string fix) : ValidationAttribute
{
    // The generated validators name a property 'HangfireJobs.Retry.Attempts'.
    private const char PathSeparator = '.';

    public override bool RequiresValidationContext => true;

    protected sealed override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is null || FaultOf(value) is not { } fault
            ? ValidationResult.Success
            : new ValidationResult(SettingFault.Of(validationContext.DisplayName.Replace(PathSeparator, ':'), value, fault, FixFor(value)));

    /// <returns>What is wrong, as the rest of a sentence that begins with the key; <see langword="null"/> when nothing is.</returns>
    protected abstract string? FaultOf(object value);

    /// <summary>The fix for a value; a rule that can suggest a corrected value overrides it.</summary>
    protected virtual string FixFor(object value) => fix;
}
