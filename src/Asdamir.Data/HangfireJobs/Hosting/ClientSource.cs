using System.Net;
using System.Net.Sockets;

namespace Asdamir.Data.HangfireJobs.Hosting;

/// <summary>The key of the rate limit for requests without a user.</summary>
internal static class ClientSource
{
    private const int NetworkBytes = 8;

    /// <summary>The address; for IPv6 its /64 network, because one client usually owns all addresses of it.</summary>
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
