"""Who is responsible for a case, and who takes part. A team lead steers both without reading the file."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from casework import actions
from casework.forms.opening import AssignmentForm, ParticipationForm
from casework.models import Case
from casework.permissions import can_assign
from casework.views.acting import acts_on, leave, load_visible, responsible_counsellor, to_file
from casework.views.common import absent, answer_form, case_view, refusals_into, require, user_of


def load_to_assign(request: HttpRequest, number: str) -> Case:
    """The case, for the responsible IFK and the lead of that IFK's team."""
    case = load_visible(request, number)
    require(request, can_assign(user_of(request), responsible_counsellor(case)))
    return case


@require_http_methods(["GET", "POST"])
@case_view
def assignment_change(request: HttpRequest, number: str) -> HttpResponse:
    """Hand one case over, from this moment on and without a gap; several, or on another day: Übergabe."""
    user = user_of(request)
    case = load_to_assign(request, number)
    form = AssignmentForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        counsellor = form.cleaned_data["counsellor"]
        with refusals_into(form):
            actions.reassign_case(case=case, counsellor=counsellor, note=form.cleaned_data["note"], by=user)
            messages.success(request, f"Zuständig für {case.number} ist jetzt {counsellor.user.full_name}.")
            # The giver still reads the file; what is next to do stands in Heute.
            return to_file(request, case) if acts_on(user, case) else leave(request, "screens:today")
    context = {"case": case, "responsible": responsible_counsellor(case)}
    return answer_form(request, "casework/assignment_change.html", form, context)


@require_http_methods(["GET", "POST"])
@case_view
def participation_edit(request: HttpRequest, number: str) -> HttpResponse:
    """Name a further IFK who takes part; the responsible one stays responsible."""
    user = user_of(request)
    case = load_to_assign(request, number)
    form = ParticipationForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        counsellor = form.cleaned_data["counsellor"]
        with refusals_into(form):
            actions.add_participation(case=case, counsellor=counsellor, by=user)
            messages.success(request, f"{counsellor.user.full_name} wirkt jetzt mit.")
            return leave(request, "casework:participation_edit", number=number)
    context = {"case": case, "responsible": responsible_counsellor(case), "people": _taking_part(case)}
    return answer_form(request, "casework/participation_edit.html", form, context)


def _taking_part(case: Case) -> list[dict[str, Any]]:
    rows = case.participations.filter(during__contains=timezone.now()).select_related("counsellor__user")
    return [
        {"pk": row.pk, "name": row.counsellor.user.full_name, "since": timezone.localtime(row.during.lower)}
        for row in rows.order_by("counsellor__user__last_name", "counsellor__user__first_name")
    ]


@require_POST
@case_view
def participation_end(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A further IFK takes part no longer."""
    case = load_to_assign(request, number)
    participation = case.participations.select_related("case", "counsellor__user").filter(pk=pk).first()
    if participation is None:
        raise absent(request, number)
    try:
        actions.end_participation(participation=participation, by=user_of(request))
    except actions.StaleVersion:
        messages.info(request, "Diese Mitwirkung war schon beendet.")
    else:
        messages.success(request, f"{participation.counsellor.user.full_name} wirkt nicht mehr mit.")
    return leave(request, "casework:participation_edit", number=number)
