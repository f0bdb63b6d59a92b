using Asdamir.Data.Storage.Database;

namespace Asdamir.Data.Storage.Contract;

/// <summary>Hands out run ids from blocks that are reserved in the database, so that a new job costs no question.</summary>
internal sealed class IdBlocks(SqlDatabase database)
{
    private readonly Lock _gate = new();
    private long _next;
    private long _end;

    public long Next()
    {
        lock (_gate)
        {
            if (_next == _end)
            {
                var (first, count) = database.ReserveIds();
                (_next, _end) = (first, first + count);
            }
            return _next++;
        }
    }
}
