from typing import Any

from django.http import HttpRequest, HttpResponse


def case_end(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError


def case_resume(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError
