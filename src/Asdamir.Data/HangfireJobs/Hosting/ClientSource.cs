using System.Net;
using System.Net.Sockets;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>What requests without a user are counted by.</summary>
internal static class ClientSource
{
    private const int NetworkBytes = 8;

    /// <summary>The address; of IPv6 the /64 network, as a single client has all of its addresses.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6 })
            return address?.ToString() ?? "";
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, NetworkBytes, bytes.Length - NetworkBytes);
        return $"{new IPAddress(bytes)}/64";
    }
}
