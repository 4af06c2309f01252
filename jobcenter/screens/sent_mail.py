"""The demonstration's mails as they arrived; reachable in the demonstration alone."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from casework.permissions import can_see_delivery
from casework.views.common import user_of
from jobcenter.platform import letterbox
from jobcenter.platform.workdays import day_label

SHOWN = 50


@require_GET
def sent_mail(request: HttpRequest) -> HttpResponse:
    """The newest mails in the letter box that `make run` starts; text stays text."""
    if not settings.DEMO:
        raise Http404
    letters = letterbox.newest(Path(settings.LETTERBOX), SHOWN) if settings.LETTERBOX else []
    context = {
        "has_box": bool(settings.LETTERBOX),
        "may_remind": can_see_delivery(user_of(request)),
        "most": SHOWN,
        "letters": [
            {"to": letter.to, "when": _when(letter), "subject": letter.subject, "text": letter.text.strip()}
            for letter in letters
        ],
    }
    return render(request, "screens/sent_mail.html", context)


def _when(letter: letterbox.Letter) -> str:
    local = timezone.localtime(letter.at)
    return f"{day_label(local.date())} um {local.hour}:{local:%M}"
