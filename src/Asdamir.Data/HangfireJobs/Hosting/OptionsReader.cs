using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>
/// Reads the options from the configuration and collects every fault, with its key: a value of the wrong type, and a
/// key nobody knows. A misspelt <c>AppQueue</c> must not silently put an app on everybody's queue.
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
                faults.Add($"{child.Path} = '{child.Value}' is not a known setting. Fix: remove it or correct its name; known here: {string.Join(", ", properties.Select(known => known.Name))}.");
            else if (property.PropertyType.Assembly == options.GetType().Assembly && property.PropertyType.IsClass)
                Read(child, property.GetValue(options)!, faults);
            else
                ReadValue(child, options, property, faults);
        }
    }

    private static void ReadValue(IConfigurationSection child, object options, PropertyInfo property, ICollection<string> faults)
    {
        if (child.Value is null)
            return;
        try
        {
            var value = TypeDescriptor.GetConverter(property.PropertyType).ConvertFromString(null, CultureInfo.InvariantCulture, child.Value);
            // A number is no name of an enum, even where the converter takes it.
            if (property.PropertyType.IsEnum && (!Enum.IsDefined(property.PropertyType, value!) || char.IsDigit(child.Value.Trim()[0])))
                throw new FormatException();
            property.SetValue(options, value);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or NotSupportedException or OverflowException or IndexOutOfRangeException)
        {
            faults.Add($"{child.Path} = '{child.Value}' is not {Wanted(property.PropertyType)}. Fix: correct the value.");
        }
    }

    private static string Wanted(Type type) =>
        type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "a duration such as 00:05:00"
        : "a number";
}
