namespace Asdamir.Data.HangfireJobs.Catalog;

/// <summary>A memory stream with a limit, so that an endless sequence does not exhaust the memory.</summary>
internal sealed class LimitedStream(int maxBytes) : MemoryStream
{
    public ReadOnlySpan<byte> Written => GetBuffer().AsSpan(0, (int)Length);

    public override void Write(byte[] buffer, int offset, int count)
    {
        Check(count);
        base.Write(buffer, offset, count);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Check(buffer.Length);
        base.Write(buffer);
    }

    private void Check(int count)
    {
        if (Length + count > maxBytes)
            throw new FullException(Length + count);
    }

    /// <param name="bytes">How long the stream would be; what was not written yet comes on top.</param>
    internal sealed class FullException(long bytes) : IOException
    {
        public long Bytes => bytes;
    }
}
