from typing import Any

from django.http import HttpRequest, HttpResponse


def access_lookup(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def access_record(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def access_read(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def draft_adopt(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def draft_discard(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError
