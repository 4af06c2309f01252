"""No address without a look: whatever answers to GET is opened by the crawl, or says why it is no page."""

import uuid
from collections.abc import Iterator

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter

from tests.browser.addresses import CRAWLED, NO_PAGE

VALUES = {SlugConverter: "F-26-99999", IntConverter: 999_999, UUIDConverter: uuid.UUID(int=1), StringConverter: "x"}
NEEDS_METHOD = 405


def addresses(patterns: list[URLPattern | URLResolver] | None = None, inside: str = "") -> Iterator[tuple[str, str]]:
    """Name of each own address, and the address with made-up values."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace not in admin_sites():
                yield from addresses(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else inside)
            continue
        values = {name: VALUES[type(kind)] for name, kind in pattern.pattern.converters.items()}
        yield f"{inside}{pattern.name}", reverse(f"{inside}{pattern.name}", kwargs=values)


def admin_sites() -> set[str]:
    """Their lists and forms follow from the registered models, and the crawl follows the links between them."""
    return {p.namespace for p in get_resolver().url_patterns if isinstance(p, URLResolver) and p.app_name == "admin"}


def test_every_address_is_looked_at_or_says_why_not(kim_client: Client):
    crawled = set().union(*CRAWLED.values())
    found = dict(addresses())
    pages = {name for name, url in found.items() if kim_client.get(url).status_code != NEEDS_METHOD}

    assert len(found) > 130 and len(pages) > 70
    assert sorted(pages - crawled - set(NO_PAGE)) == []
    assert sorted((crawled | set(NO_PAGE)) - set(found)) == []
    assert sorted(crawled & set(NO_PAGE)) == []
