"""What came of a step: on a page of its own, and in place in the Fallakte."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from agreements.actions.steps import tell_outcome
from agreements.enums import Outcome
from agreements.forms.steps import OutcomeForm
from agreements.models import AgreementStep, StepOutcome
from agreements.views.wording import due_label, local_day, outcome_label, owner_label
from casework.enums import AccessKind
from casework.models import Case
from casework.views.acting import leave
from casework.views.common import absent, answer_form, case_view, load_case, refusals_into, user_of


def load_step(request: HttpRequest, case: Case, pk: int) -> AgreementStep:
    """A step of this case, in a version that was not withdrawn."""
    step = (
        AgreementStep.objects.filter(case=case, pk=pk, agreement__withdrawn_at=None).select_related("agreement").first()
    )
    if step is None:
        raise absent(request, case.number)
    step.case = case
    return step


def outcomes_of(step: AgreementStep) -> list[StepOutcome]:
    """What was told of the step, the latest first; not what stood in a conversation that left the file."""
    told = StepOutcome.objects.filter(step=step).exclude(contact__withdrawn_at__isnull=False)
    return list(told.select_related("by").order_by("-id"))


def step_in_words(case: Case, step: AgreementStep, told: list[StepOutcome]) -> dict[str, Any]:
    """The context of agreements/parts/step.html."""
    last = told[0] if told else None
    return {
        "id": step.pk,
        "owner_label": owner_label(step.owner, step.owner_name, case.client.full_name),
        "text": step.text,
        "due_label": due_label(step.due_on),
        "outcome_label": outcome_label({"at": last.at, "outcome": last.outcome}) if last else "",
        "outcome_text": last.text if last else "",
        "outcome_url": f"/faelle/{case.number}/vereinbarung/schritte/{step.pk}/",
    }


@require_http_methods(["GET", "POST"])
@case_view
def step_outcome(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """erledigt, anders gekommen, passt nicht mehr: told by whoever works on the case."""
    event = AccessKind.ENTRY_OPENED if request.method == "GET" else None
    case = load_case(request, number, event=event, write=True)
    step = load_step(request, case, pk)
    form = OutcomeForm(request.POST or None, auto_id=f"id_s{pk}_%s")
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            outcome = Outcome(form.cleaned_data["outcome"])
            tell_outcome(step=step, outcome=outcome, text=form.cleaned_data["text"], by=user_of(request))
            return told(request, case, step, f"Eingetragen: {outcome.label}.")
    earlier = outcomes_of(step)
    inplace = is_in_place(request)
    context = {
        "case": case,
        "step": step_in_words(case, step, earlier),
        "version": step.agreement.number,
        "earlier": [
            {
                "label": Outcome(found.outcome).label,
                "at": local_day(found.at),
                "who": found.by.full_name,
                "text": found.text,
            }
            for found in earlier
        ],
        "inplace": inplace,
    }
    template = "agreements/parts/step_outcome_form.html" if inplace else "agreements/step_outcome.html"
    return answer_form(request, template, form, context)


def is_in_place(request: HttpRequest) -> bool:
    return bool(request.htmx) and not request.POST.get("page")  # type: ignore[attr-defined]


def told(request: HttpRequest, case: Case, step: AgreementStep, text: str) -> HttpResponse:
    """In place the step as it stands now, else back to the file."""
    if not is_in_place(request):
        messages.success(request, text)
        return leave(request, "screens:case_file", number=case.number)
    row = step_in_words(case, step, outcomes_of(step))
    response = render(request, "agreements/parts/step.html", {"step": row})
    return trigger_client_event(response, "announce", {"text": text, "quiet": True})
