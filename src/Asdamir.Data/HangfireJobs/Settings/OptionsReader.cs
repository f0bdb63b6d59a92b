using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Asdamir.Data.HangfireJobs.Settings;

/// <summary>
/// Reads options from the configuration and collects every fault with its key: values of the wrong type and unknown keys. A misspelt
/// <c>AppQueue</c> must not put an app on the queue <c>default</c> without a message. The value of an unknown key is never shown: a
/// misspelt
/// <c>ConnectionString</c> holds a password.
/// </summary>
internal static class OptionsReader
{
    public static void Read(IConfigurationSection section, object options, ICollection<string> faults)
    {
        var properties = options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance);
        foreach (var child in section.GetChildren())
        {
            var property = Array.Find(properties, property => property.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null)
                faults.Add(Unknown(child, [.. properties.Select(static known => known.Name)]));
            else if (property.PropertyType.Assembly == options.GetType().Assembly && property.PropertyType.IsClass)
                ReadSection(child, property.GetValue(options)!, faults);
            else
                ReadValue(child, options, property, faults);
        }
    }

    private static string Unknown(IConfigurationSection child, string[] known)
    {
        var meant = Spelling.Closest(child.Key, known) is { } name ? $" Did you mean '{name}'?" : "";
        return $"{child.Path} is not a known setting.{meant} Fix: remove it or correct its name; known here: {string.Join(", ", known)}.";
    }

    private static void ReadSection(IConfigurationSection child, object options, ICollection<string> faults)
    {
        if (!string.IsNullOrEmpty(child.Value))
        {
            var keys = options.GetType().GetProperties().Select(property => $"{child.Path}:{property.Name}");
            faults.Add(
                SettingFault.OfSecret(
                    child.Path, "has a value, but is a section", $"write the value under one of {string.Join(", ", keys)}"));
        }
        Read(child, options, faults);
    }

    private static void ReadValue(IConfigurationSection child, object options, PropertyInfo property, ICollection<string> faults)
    {
        if (child.Value is null)
            return;
        try
        {
            var value = TypeDescriptor.GetConverter(property.PropertyType)
                .ConvertFromString(null, CultureInfo.InvariantCulture, child.Value);
            // The converter accepts numbers for the names of an enum; a configuration must not.
            if (property.PropertyType.IsEnum && (!Enum.IsDefined(property.PropertyType, value!) || char.IsDigit(child.Value.Trim()[0])))
                throw new FormatException();
            property.SetValue(options, value);
        }
        catch (Exception exception) when (exception
            is FormatException or ArgumentException or NotSupportedException or OverflowException or IndexOutOfRangeException)
        {
            faults.Add(SettingFault.Of(child.Path, child.Value, $"is not {Wanted(property.PropertyType)}", "correct the value"));
        }
    }

    private static string Wanted(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a duration such as 00:05:00"
        : "a number";
}
