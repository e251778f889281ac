"""How often one network may try something before it has to wait: counted in the cache, so roughly."""

import hashlib
import ipaddress

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest


def is_spent(request: HttpRequest, action: str, most: int) -> bool:
    """Whether the network of this request has used up its tries of an action."""
    return int(cache.get(_key(request, action)) or 0) >= most


def spend(request: HttpRequest, action: str, seconds: int) -> None:
    """Count one try. The count is forgotten `seconds` after the first of them."""
    key = _key(request, action)
    if not cache.add(key, 1, timeout=seconds):
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two calls
            cache.add(key, 1, timeout=seconds)


def _key(request: HttpRequest, action: str) -> str:
    network = hashlib.sha256(_network(get_adapter().get_client_ip(request)).encode()).hexdigest()[:32]
    return f"limit:{action}:{network}"


def _network(address: str) -> str:
    """One address of IPv4; of IPv6 the /64, which is what one subscriber has."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((known, 64), strict=False).network_address)
    return str(known)
