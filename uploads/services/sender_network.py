"""Which addresses are one sender: whoever has an IPv6 address has 2⁶⁴ of them."""

import ipaddress

IPV6_PREFIX = 64
"""The smallest network that a provider gives a customer (RFC 6177)."""
_WIDE_PREFIXES = {4: 24, 6: 48}
"""What a provider hands out to one customer of many addresses: 256 of IPv4, 65,536 networks of IPv6 (RFC 6177)."""


def plain_address(text: str) -> str | None:
    """A valid IP address without its zone, or nothing (a Unix socket has none); of one mapped into IPv6 the IPv4 one,
    or all that came so would be one sender."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def network_of(address: str | None) -> str:
    """What an address is counted by: itself, or its network where it is IPv6; ``""`` for none."""
    if not address:
        return ""
    network = _network(address)
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def wide_network_of(address: str | None) -> str:
    """The network that one customer of a provider may have whole; ``""`` for no address."""
    if not address:
        return ""
    plain = ipaddress.ip_address(address)
    return str(ipaddress.ip_network((plain, _WIDE_PREFIXES[plain.version]), strict=False))


def sent_from(address: str | None) -> dict[str, str | None]:
    """Conditions on the column ``address``: the same sender as this one."""
    if address is None:
        return {"address": None}
    network = _network(address)
    return {"address__gte": str(network[0]), "address__lte": str(network[-1])}


def _network(address: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    plain = ipaddress.ip_address(address)
    return ipaddress.ip_network((plain, IPV6_PREFIX if plain.version == 6 else 32), strict=False)
