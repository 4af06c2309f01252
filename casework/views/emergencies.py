"""Reading a file in an emergency, and the list of all emergencies for the data protection officer."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.actions.errors import Refused
from casework.actions.protection import allow_emergency, ask_for_emergency, mark_emergency_seen, refuse_emergency
from casework.enums import EmergencyReason
from casework.forms.emergencies import EmergencyForm
from casework.models import EmergencyAccess
from casework.permissions import can_allow_emergencies, can_take_emergencies
from casework.views.acting import leave, request_id_of
from casework.views.common import absent, answer_form, case_view, refusals_into, require, user_of
from casework.views.evidence import note_refusal
from jobcenter.platform.context import Purpose, widened

PAGE = 50
OWN_SHOWN = 20


@require_http_methods(["GET", "POST"])
@case_view
def emergency_take(request: HttpRequest) -> HttpResponse:
    """Ask for an emergency: the file opens for an hour, or waits for a second person where the case is protected.

    A wrong password, an unknown number and a foreign case are refusals on record.
    """
    user = user_of(request)
    require(request, can_take_emergencies(user))
    form = EmergencyForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST":
        if form.is_valid():
            asked = _ask(request, form)
            if asked is not None and asked.grant_id:
                return leave(request, "screens:case_file", number=asked.case.number)
            if asked is not None:
                messages.success(request, "Der Fall ist geschützt. Jetzt entscheidet eine zweite Person.")
                return leave(request, "casework:emergency_take")
        elif form.has_wrong_password:
            # Written after the view's savepoint: nothing that the view rolls back takes it along.
            note_refusal(request)
    return answer_form(request, "casework/emergency_take.html", form, {"own": _own(request)})


def _ask(request: HttpRequest, form: EmergencyForm) -> EmergencyAccess | None:
    data = form.cleaned_data
    with refusals_into(form):
        try:
            return ask_for_emergency(
                number=data["number"],
                reason_class=EmergencyReason(data["reason_class"]),
                reason=data["reason"],
                by=user_of(request),
                request_id=request_id_of(request),
            )
        except Refused as refused:
            if refused.field == "number":
                note_refusal(request)
            raise
    return None


@widened(Purpose.EMERGENCY)
def _own(request: HttpRequest) -> list[dict[str, Any]]:
    asked = EmergencyAccess.objects.filter(user=user_of(request)).select_related("case", "grant")
    return [_row(each) for each in asked.order_by("-asked_at", "-id")[:OWN_SHOWN]]


def _row(asked: EmergencyAccess) -> dict[str, Any]:
    now = timezone.now()
    running = bool(asked.grant and asked.grant.during.lower <= now < asked.grant.during.upper)
    if running and asked.grant:
        state = f"offen bis {timezone.localtime(asked.grant.during.upper):%H:%M} Uhr"
    elif asked.grant:
        state = "beendet"
    elif asked.refused_at:
        state = "nicht freigegeben"
    else:
        state = "wartet auf eine zweite Person"
    return {
        "pk": asked.pk,
        "number": asked.case.number,
        "at": timezone.localtime(asked.asked_at),
        "occasion": EmergencyReason(asked.reason_class).label,
        "reason": asked.reason,
        "state": state,
        "running": running,
        "waits": asked.needs_second and asked.allowed_at is None and asked.refused_at is None,
    }


def _of_the_house(request: HttpRequest) -> QuerySet[EmergencyAccess]:
    """All emergencies of the own organisation; only for who allows them."""
    user = user_of(request)
    require(request, can_allow_emergencies(user))
    return EmergencyAccess.objects.filter(case__organisation_id=user.organisation_id).select_related(
        "case", "grant", "user", "seen_by", "allowed_by"
    )


@require_GET
@widened(Purpose.EMERGENCY)
def emergency_list(request: HttpRequest) -> HttpResponse:
    """All emergencies of the organisation, newest first: who, which number, why, and what became of it."""
    asked = _of_the_house(request)
    page = (
        max(1, int(raw)) if (raw := request.GET.get("seite", "1")).isascii() and raw.isdigit() and len(raw) < 6 else 1
    )
    first = (page - 1) * PAGE
    found = list(asked.order_by("-asked_at", "-id")[first : first + PAGE + 1])
    user = user_of(request)
    rows = [
        _row(each)
        | {
            "who": each.user.full_name,
            "allowed_by": each.allowed_by.full_name if each.allowed_by else "",
            "seen": f"{timezone.localtime(each.seen_at):%d.%m.%Y}, {each.seen_by.full_name}"
            if each.seen_at and each.seen_by
            else "",
            "own": each.user_id == user.pk,
        }
        for each in found[:PAGE]
    ]
    pager = {
        "newer_url": f"?seite={page - 1}" if page > 1 else "",
        "older_url": f"?seite={page + 1}" if len(found) > PAGE else "",
    }
    return render(request, "casework/emergency_list.html", {"rows": rows, "pager": pager})


@require_POST
@widened(Purpose.EMERGENCY)
def emergency_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Allow, refuse or mark as seen; each once. What was decided meanwhile is told."""
    asked = _of_the_house(request).filter(pk=pk).first()
    if asked is None:
        raise absent(request)
    user = user_of(request)
    decision = request.POST.get("decision")
    require(request, decision == "seen" or asked.user_id != user.pk)
    try:
        if decision == "allow" and asked.needs_second:
            allow_emergency(asked=asked, by=user, request_id=request_id_of(request))
            messages.success(request, "Freigegeben. Die Stunde läuft.")
        elif decision == "refuse" and asked.needs_second:
            refuse_emergency(asked=asked, by=user)
            messages.success(request, "Nicht freigegeben.")
        elif decision == "seen":
            mark_emergency_seen(asked=asked, by=user)
            messages.success(request, "Als angesehen vermerkt.")
    except Refused as refused:
        messages.warning(request, refused.message)
    return leave(request, "casework:emergency_list")
