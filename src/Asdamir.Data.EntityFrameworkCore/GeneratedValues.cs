using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Asdamir.Data.EntityFrameworkCore;

/// <summary>
/// Shows values that the database has generated in the entities, which get them only after the commit. They are as before when it is
/// disposed: should the commit fail, the context treats what is in an entity as a value of the app.
/// </summary>
internal sealed class GeneratedValues : IDisposable
{
    private readonly List<(object Entity, PropertyInfo Property, object? Before)> _shown = [];

    public GeneratedValues(DbContext db)
    {
        foreach (var entry in EntriesOf(db))
        {
            foreach (var value in entry.Properties)
            {
                if (value.Metadata.IsIndexerProperty() || value.Metadata.PropertyInfo is not { CanRead: true, CanWrite: true } property)
                    continue;
                var before = property.GetValue(entry.Entity);
                if (Equals(before, value.CurrentValue))
                    continue;
                _shown.Add((entry.Entity, property, before));
                property.SetValue(entry.Entity, value.CurrentValue);
            }
        }
    }

    public void Dispose()
    {
        foreach (var (entity, property, before) in _shown)
            property.SetValue(entity, before);
    }

    // Changes were detected before the save.
    private static List<EntityEntry> EntriesOf(DbContext db)
    {
        var detects = db.ChangeTracker.AutoDetectChangesEnabled;
        db.ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            return [.. db.ChangeTracker.Entries().Where(static entry => entry.State is EntityState.Added or EntityState.Modified)];
        }
        finally
        {
            db.ChangeTracker.AutoDetectChangesEnabled = detects;
        }
    }
}
