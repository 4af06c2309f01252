from typing import Any

from django.http import HttpRequest, HttpResponse


def addendum_create(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def contact_withdraw(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def file_note_create(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def file_note_withdraw(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError
