"""Ein Gespräch mit mehreren: couples, families. One form, one submit, a contact in each file or in none (R4.2-3)."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casework.actions import Refused, conclude_together
from casework.actions.together import MOST_CASES
from casework.enums import AccessKind
from casework.forms.steps import PlainForm, values_of
from casework.forms.together import RowForm, TogetherForm, fresh_rows, posted_rows, read_key, read_moment
from casework.models import Case, ContactChannel
from casework.views.acting import leave
from casework.views.common import case_view, user_of
from casework.views.days import day_url
from casework.views.evidence import note_refusal
from casework.views.together import load_cases

FIELDS = ("channel", "at_date", "at_time", "text", "fall_neu")
NO_CASE = "Diesen Fall gibt es nicht, oder Sie arbeiten nicht an ihm."
TWO = "Für ein gemeinsames Gespräch braucht es mindestens zwei Fälle. Bitte nehmen Sie den zweiten dazu."


@require_http_methods(["GET", "POST"])
@case_view
def together(request: HttpRequest) -> HttpResponse:
    """The form with a row for each chosen case, and its conclusion; adding a case loses nothing typed."""
    data = request.POST if request.method == "POST" else request.GET
    numbers = [number for number in data.getlist("fall") if number != request.POST.get("remove")]
    event = AccessKind.ENTRY_OPENED if request.method == "GET" else None
    cases = load_cases(request, numbers[:MOST_CASES], event=event)
    if request.method == "GET":
        return page(request, fresh_form(cases))
    form = TogetherForm(PlainForm(values_of(request.POST, FIELDS)), posted_rows(request.POST, cases))
    form.common.key = str(read_key(request.POST))
    if request.POST.get("add"):
        add_case(request, form)
        return page(request, form)
    if request.POST.get("remove"):
        return page(request, form)
    if not conclude(request, form):
        return page(request, form)
    messages.success(request, f"Das Gespräch steht in {len(cases)} Akten.")
    return leave(request, "screens:today")


def fresh_form(cases: list[Case]) -> TogetherForm:
    now = timezone.localtime()
    values = values_of({}, FIELDS) | {"channel": "in_person", "at_date": f"{now:%d.%m.%Y}", "at_time": f"{now:%H:%M}"}
    form = TogetherForm(PlainForm(values, key=str(uuid.uuid4())), fresh_rows(cases))
    for row in form.rows:
        close_if_ended(form, row)
    return form


def close_if_ended(form: TogetherForm, row: RowForm) -> None:
    """An ended case is named on arrival, before anything is written."""
    if not row.case.is_open:
        form.common.error("fall_neu", f"{row.case.client.full_name}: Dieser Fall ist beendet.")


def add_case(request: HttpRequest, form: TogetherForm) -> None:
    """A further case by its exact number; a foreign one answers like an absent one, and the refusal goes on record."""
    number = form.common.values["fall_neu"].strip().upper()
    case = Case.objects.acted_on_by(user_of(request)).select_related("client").filter(number=number).first()
    if case is None:
        note_refusal(request, number)
        form.common.error("fall_neu", NO_CASE)
    elif not case.is_open:
        form.common.error("fall_neu", f"{case.client.full_name}: Dieser Fall ist beendet.")
    elif any(row.case.pk == case.pk for row in form.rows):
        form.common.error("fall_neu", "Dieser Fall steht schon im Formular.")
    elif len(form.rows) >= MOST_CASES:
        form.common.error("fall_neu", f"Ein Gespräch geht in höchstens {MOST_CASES} Akten.")
    else:
        load_cases(request, [number], event=AccessKind.ENTRY_OPENED)
        form.rows += fresh_rows([case])
        form.common.values["fall_neu"] = ""


def conclude(request: HttpRequest, form: TogetherForm) -> bool:
    """Read the form and carry it out; False with sentences beside the fields when it does not hold."""
    common = form.common
    channel = ContactChannel.objects.offered().filter(code=common.values["channel"]).first()
    if channel is None:
        common.error("channel", "Bitte wählen Sie, wie der Kontakt zustande kam.")
    at = read_moment(common)
    if len(form.rows) < 2:
        common.error("fall_neu", TWO)
    rows = form.read({})
    if rows is None or at is None:
        return False
    try:
        conclude_together(
            rows=rows,
            by=user_of(request),
            at=at,
            channel=channel,
            text=common.values["text"],
            key=uuid.UUID(common.key),
        )
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


def page(request: HttpRequest, form: TogetherForm) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form.common,
        "rows": [{**row.context({}, names_steps=True), "day_url": day_url(row.case)} for row in form.rows],
        "summary": form.summary(),
        "channels": [
            {"value": code, "label": text}
            for code, text in ContactChannel.objects.offered().values_list("code", "text")
        ],
        "action_url": reverse("screens:together"),
    }
    status = form.status if request.method == "POST" else 200
    return render(request, "screens/together.html", context, status=status)
