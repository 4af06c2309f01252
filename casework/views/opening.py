from typing import Any

from django.http import HttpRequest, HttpResponse


def case_open(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError
