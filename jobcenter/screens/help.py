from typing import Any

from django.http import HttpRequest, HttpResponse


def index(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def keys(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def accessibility(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError
