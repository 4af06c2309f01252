from typing import Any

from django.http import HttpRequest, HttpResponse


def settings(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise NotImplementedError
