from typing import Any

from django.http import HttpRequest, HttpResponse


def absence_list(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def absence_create(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def absence_end(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError
