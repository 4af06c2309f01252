from typing import Any

from django.http import HttpRequest, HttpResponse


def contact_detail(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def contact_print(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def timeline_print(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError
