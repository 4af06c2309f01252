"""Where a request comes from: its network and its program, as coarsely as a person can recognise them."""

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest

IPV4_PREFIX, IPV6_PREFIX = 24, 56
UNKNOWN = "unbekannt"

# The first that fits; Chromium's relatives also say "Chrome", and that says "Safari".
PROGRAMS = (
    ("Edge", r"\bEdg(e|A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"\b(Chrome|CriOS|Chromium|HeadlessChrome)/"),
    ("Safari", r"\bSafari/"),
)
SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone oder iPad", r"iPhone|iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Linux", r"Linux"),
)


def address_of(request: HttpRequest) -> str:
    """The address of whoever asked. Of X-Forwarded-For only what our own proxies wrote is believed (PROXIES)."""
    remote = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.PROXIES:
            return hops[-settings.PROXIES]
    return remote


def network_of(request: HttpRequest) -> str:
    """The network of the address: /24, with IPv6 /56, which is what one household or office gets."""
    try:
        address = ipaddress.ip_address(address_of(request).partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    prefix = IPV4_PREFIX if address.version == 4 else IPV6_PREFIX
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))


def program_of(request: HttpRequest) -> str:
    """Browser and system without versions: "Firefox, Windows"."""
    agent = request.headers.get("User-Agent", "")
    found = [next((name for name, sign in signs if re.search(sign, agent)), "") for signs in (PROGRAMS, SYSTEMS)]
    return ", ".join(name for name in found if name) or UNKNOWN


def is_on_this_machine(request: HttpRequest) -> bool:
    """Asked from the machine itself, and not through somebody's proxy."""
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip")):
        return False
    try:
        return ipaddress.ip_address(str(request.META.get("REMOTE_ADDR", ""))).is_loopback
    except ValueError:
        return False
