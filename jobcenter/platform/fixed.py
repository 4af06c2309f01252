"""`{% fixed "components/head_files.html" %}`: a part of every page that never differs, rendered once a process.

The template sees no context at all, so nothing of a person can stay in it.
"""

import functools

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def fixed(name: str) -> SafeString:
    return _fresh(name) if settings.DEBUG else _once(name)


def _fresh(name: str) -> SafeString:
    return mark_safe(render_to_string(name).strip())  # noqa: S308  (an escaped template of ours)


_once = functools.cache(_fresh)
