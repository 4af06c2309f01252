"""What the law demands in one case, apart from agreement and offers (R2-2).

No list across cases, no count, no filter: this is history of a case and no mark on a person (domain.md 5.5).
"""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework import actions
from casework.enums import AccessKind, DutyFactKind
from casework.forms.duties import DutyFactForm, DutyForm, DutyWithdrawForm
from casework.models import Case, DutyFact, DutyToCooperate
from casework.views.acting import acts_on, leave, load_to_write
from casework.views.common import absent, answer_form, case_view, load_case, refusals_into, user_of


def duties_of(case: Case) -> QuerySet[DutyToCooperate]:
    """The demands of a case with what a page says about each, newest first."""
    facts = DutyFact.objects.select_related("recorded_by", "withdrawn_by").order_by("happened_on", "recorded_at", "id")
    return (
        DutyToCooperate.objects.filter(case=case)
        .select_related("legal_basis", "notice", "recorded_by", "withdrawn_by")
        .prefetch_related(Prefetch("facts", queryset=facts))
        .order_by("-recorded_at", "-id")
    )


def load_duty(request: HttpRequest, case: Case, pk: int) -> DutyToCooperate:
    """A demand of this case; one of another case is as absent as one that never was."""
    duty = duties_of(case).filter(pk=pk).first()
    if duty is None:
        raise absent(request, case.number)
    duty.case = case
    return duty


def in_words(duty: DutyToCooperate) -> dict[str, Any]:
    """A demand and what is told of it, as pages show it."""
    return {
        "duty": duty,
        "facts": [{"fact": fact, "label": DutyFactKind(fact.kind).label} for fact in duty.facts.all()],
    }


@require_GET
@case_view
def duty_list(request: HttpRequest, number: str) -> HttpResponse:
    """What is demanded in this case, each with its facts; whoever reads the file reads this too."""
    case = load_case(request, number)
    may_write = acts_on(user_of(request), case)
    context = {
        "case": case,
        "duties": [in_words(duty) for duty in duties_of(case)],
        "may_write": may_write,
        "may_record": may_write and case.is_open,
    }
    return render(request, "casework/duty_list.html", context)


@require_http_methods(["GET", "POST"])
@case_view
def duty_create(request: HttpRequest, number: str) -> HttpResponse:
    """Record a demand by hand: the form is empty, whatever was agreed or chosen before (R2-2)."""
    case = load_to_write(request, number)
    form = DutyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            duty = actions.record_duty(case=case, by=user_of(request), **form.cleaned_data)
            messages.success(request, "Eingetragen. Es folgt nichts von selbst daraus.")
            return leave(request, "casework:duty_detail", number=number, pk=duty.pk)
    return answer_form(request, "casework/duty_create.html", form, {"case": case})


@require_http_methods(["GET", "POST"])
@case_view
def duty_detail(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One demand in full, with the wording that went with it; whoever works on the case adds what happened."""
    posting = request.method == "POST"
    case = load_case(request, number, event=None if posting else AccessKind.ENTRY_OPENED, write=posting)
    duty = load_duty(request, case, pk)
    form = DutyFactForm(request.POST or None)
    if posting and form.is_valid():
        with refusals_into(form):
            actions.add_duty_fact(duty=duty, by=user_of(request), **form.cleaned_data)
            messages.success(request, "Eingetragen. Es folgt nichts von selbst daraus.")
            return leave(request, "casework:duty_detail", number=number, pk=pk)
    may_write = posting or acts_on(user_of(request), case)
    context = {"case": case, **in_words(duty), "may_write": may_write}
    return answer_form(request, "casework/duty_detail.html", form, context)


@require_http_methods(["GET", "POST"])
@case_view
def duty_withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """ "Irrtümlich eingetragen": with a reason; the demand stays readable, struck through."""
    case = load_case(request, number, event=AccessKind.ENTRY_OPENED if request.method == "GET" else None, write=True)
    duty = load_duty(request, case, pk)
    form = DutyWithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            actions.withdraw_duty(duty=duty, by=user_of(request), **form.cleaned_data)
            messages.success(request, "Zurückgenommen. Der Eintrag bleibt durchgestrichen lesbar.")
            return leave(request, "casework:duty_list", number=number)
    return answer_form(request, "casework/duty_withdraw.html", form, {"case": case, **in_words(duty)})


@require_POST
@case_view
def duty_fact_withdraw(request: HttpRequest, number: str, pk: int, fact_pk: int) -> HttpResponse:
    """Take back what was told by mistake; it stays readable, struck through."""
    case = load_case(request, number, event=None, write=True)
    fact = DutyFact.objects.filter(case=case, duty=pk, pk=fact_pk).select_related("case").first()
    if fact is None:
        raise absent(request, number)
    try:
        actions.withdraw_duty_fact(fact=fact, by=user_of(request))
    except actions.StaleVersion:
        messages.info(request, "Diese Angabe war schon zurückgenommen.")
    else:
        messages.success(request, "Zurückgenommen. Die Angabe bleibt durchgestrichen lesbar.")
    return leave(request, "casework:duty_detail", number=number, pk=pk)
