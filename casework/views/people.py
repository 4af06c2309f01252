from typing import Any

from django.http import HttpRequest, HttpResponse


def client_edit(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def client_detail_create(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def client_detail_end(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def employment_start_create(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def employment_start_withdraw(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError
