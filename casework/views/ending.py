"""The end of a case, and taking a person up again: a new case beside the ended one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from casework import actions
from casework.actions import NewStep, Refused
from casework.enums import ClosingReason
from casework.forms.opening import EndForm, ResumeForm, first_step_of
from casework.forms.steps import read_next_step, step_label
from casework.models import Case, FollowUp
from casework.permissions import can_open_case
from casework.views.acting import acts_on, granted_case, leave, load_to_write, to_file
from casework.views.common import answer_form, case_view, load_case, refusals_into, require, user_of
from casework.views.days import chosen_id
from casework.views.opening import share_refusal
from jobcenter.platform.context import Purpose, widened


@require_http_methods(["GET", "POST"])
@case_view
def case_end(request: HttpRequest, number: str) -> HttpResponse:
    """End a case without a conversation. What is open in it ends with it, and is shown before."""
    user = user_of(request)
    case = load_to_write(request, number)
    if request.method == "GET" and not case.is_open:
        return leave(request, "screens:case_file", number=number)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = ClosingReason(form.cleaned_data["reason"])
        with refusals_into(form):
            actions.end_case(case=case, reason=reason, text=form.cleaned_data["text"], by=user)
            messages.success(request, f"Der Fall ist beendet: {reason.label}.")
            return to_file(request, case)
    steps = [step_label(step) for step in FollowUp.objects.open().filter(case=case).in_order()]
    return answer_form(request, "casework/case_end.html", form, {"case": case, "steps": steps})


def load_to_resume(request: HttpRequest, number: str) -> Case:
    """An ended case of one's own, or one that was found at the counter today; the page shows nothing of its file."""
    case = granted_case(user_of(request), number)
    if case is not None and not case.is_open:
        return case
    return load_case(request, number, event=None, write=True)


@require_http_methods(["GET", "POST"])
@case_view
@widened(Purpose.OPEN_CASE)
def case_resume(request: HttpRequest, number: str) -> HttpResponse:
    """Take a person up again: a new case with its responsible IFK and its first next step."""
    user = user_of(request)
    require(request, can_open_case(user))
    case = load_to_resume(request, number)
    if case.is_open:
        messages.info(request, "Dieser Fall ist offen.")
        return leave(request, "screens:case_file", number=number)
    form = ResumeForm(request.POST or None, user=user)
    step = first_step_of(request.POST)
    if request.method == "POST":
        step.counsellor_id = chosen_id(user, form)
        first_step = read_next_step(step, allow_standing=False)
        if form.is_valid() and isinstance(first_step, NewStep):
            try:
                fresh = actions.take_up_again(
                    case=case, counsellor=form.cleaned_data["counsellor"], first_step=first_step, by=user
                )
            except Refused as refused:
                share_refusal(form, step, refused)
            else:
                messages.success(request, f"Wieder aufgenommen unter der Fallnummer {_number(fresh)}.")
                return to_file(request, fresh)
    return _answer_resume(request, case, form, step)


def _number(case: Case) -> str:
    """The number that the database gave."""
    case.refresh_from_db(fields=["number"])
    return case.number


def _answer_resume(request: HttpRequest, case: Case, form: ResumeForm, step: Any) -> HttpResponse:
    status = step.status
    if form.errors:
        status = max(status, 422) if status != 409 else 409
    context = {
        "case": case,
        "form": form,
        "step": step,
        "summary": step.summary(),
        "own": acts_on(user_of(request), case),
        "day_url": reverse("casework:day_check"),
    }
    return render(request, "casework/case_resume.html", context, status=status)
