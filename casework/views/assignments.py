from typing import Any

from django.http import HttpRequest, HttpResponse


def participation_edit(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def participation_end(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def assignment_change(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError
