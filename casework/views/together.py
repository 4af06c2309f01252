"""What forms about several cases share: loading is authorising, for each of them."""

from collections.abc import Iterable

from django.http import HttpRequest

from casework.actions import record_access
from casework.enums import AccessKind
from casework.forms.steps import clean
from casework.models import Case
from casework.views.common import absent, user_of


def load_cases(request: HttpRequest, numbers: Iterable[str], *, event: AccessKind | None) -> list[Case]:
    """Cases in which the user writes, in the order of their numbers as asked; each opening goes on record.

    A foreign case and an absent one answer alike: 404.
    """
    asked = list(dict.fromkeys(clean(number) for number in numbers))
    user = user_of(request)
    found = Case.objects.acted_on_by(user).select_related("client").filter(number__in=asked)
    known = {case.number: case for case in found}
    for number in asked:
        if number not in known:
            raise absent(request, number)
    cases = [known[number] for number in asked]
    if event is not None:
        for case in cases:
            record_access(event, user_id=user.pk, case_id=case.pk, request_id=getattr(request, "id", None))
    return cases
