"""Next steps from Heute and from the file: done, postponed, changed, did not take place, set anew.

Every address answers as a plain page; asked by HTMX it answers with the form for the row's slot, and after success
with nothing but the counter, so that the row leaves.
"""

import datetime as dt
import json
import uuid
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from casework import actions
from casework.actions import Refused
from casework.enums import AccessKind, FollowUpKind, MissedHow
from casework.forms.fields import at_local
from casework.forms.steps import (
    NEXT_FIELDS,
    NO_DAY,
    NO_TIME,
    PlainForm,
    check_length,
    read_day,
    read_next_step,
    standing_choices,
    values_of,
    when_label,
)
from casework.models import Case, FollowUp
from casework.views.common import absent, case_view, load_case, user_of
from casework.views.days import day_answer, day_url, proposal_of_case, quick_days
from jobcenter.platform.german import parse_day, parse_time
from jobcenter.platform.numbers import read_number
from jobcenter.platform.workdays import day_label

KINDS = [{"value": kind.value, "label": kind.label} for kind in FollowUpKind]


def load_step(request: HttpRequest, number: str, pk: int) -> tuple[Case, FollowUp]:
    """The case (opened on record) and one of its steps."""
    case = load_case(request, number, event=AccessKind.ENTRY_OPENED, write=True)
    step = FollowUp.objects.filter(case=case, pk=pk).first()
    if step is None:
        raise absent(request, number)
    step.case = case
    return case, step


def row_of(case: Case, step: FollowUp) -> dict[str, Any]:
    return {
        "id": step.pk,
        "name": case.client.list_name,
        "subject": step.subject,
        "day_label": when_label(step, timezone.localdate()),
        "kind": step.get_kind_display(),
    }


def back_url(request: HttpRequest, case: Case) -> str:
    """Back to where the person came from: Heute or the file."""
    if came_from_today(request):
        return reverse("screens:today")
    return reverse("screens:case_file", kwargs={"number": case.number})


def came_from_today(request: HttpRequest) -> bool:
    """The address of a row's link says nothing, to keep the page small; where it was followed from does."""
    if request.GET.get("zurueck") == "/":
        return True
    return request.method == "GET" and urlsplit(request.headers.get("Referer", "")).path == "/"


def finished(request: HttpRequest, case: Case, text: str, undo: str = "") -> HttpResponse:
    """After success: the row leaves with the counter beside it, or the page goes back with a message."""
    if request.htmx and request.POST.get("page"):  # type: ignore[attr-defined]
        messages.success(request, text, extra_tags=undo)
        return HttpResponseClientRedirect(back_url(request, case))
    if request.htmx:  # type: ignore[attr-defined]
        count = FollowUp.objects.due_count(user_of(request), timezone.localdate())
        response = HttpResponse(
            render_to_string("components/nav_count.html", {"count": count, "oob": True}, request=request)
        )
        response["HX-Trigger"] = json.dumps({"announce": {"text": text, "undo": undo}})
        return response
    messages.success(request, text, extra_tags=undo)
    return redirect(back_url(request, case))


def answer_part(request: HttpRequest, name: str, form: PlainForm, context: dict[str, Any]) -> HttpResponse:
    inplace = bool(request.htmx) and not request.POST.get("page")  # type: ignore[attr-defined]
    template = f"casework/parts/{name}.html" if inplace else f"casework/{name}.html"
    context = {**context, "form": form, "inplace": inplace, "ask_saturday": form.ask_saturday}
    return render(request, template, context, status=form.status)


@require_http_methods(["GET", "POST"])
@case_view
def follow_up_complete(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Tick a step off: what came of it, and its successor."""
    case, step = load_step(request, number, pk)
    form = PlainForm(values_of(request.POST, ("outcome", *NEXT_FIELDS)), version=str(step.version), case_id=case.pk)
    form.key = str(uuid.uuid4())
    if request.method == "POST":
        form.version = str(request.POST.get("version", ""))
        next_step = read_next_step(form)
        if next_step is not None and not form.errors:
            try:
                actions.complete_follow_up(
                    follow_up=step,
                    version=read_number(form.version) or 0,
                    outcome=form.values["outcome"],
                    next_step=next_step,  # type: ignore[arg-type]
                    by=user_of(request),
                )
            except Refused as refused:
                form.refuse(refused)
            else:
                return finished(request, case, f"{step.get_kind_display()} erledigt; der nächste Schritt steht.")
    prefix = f"s{step.pk}-"
    standing = standing_choices(list(FollowUp.objects.open().filter(case=case).in_order()), but=step.pk)
    context = step_context(request, case, step, form, prefix)
    context = {**context, "standing": standing, "proposal": proposal_of_case(case)}
    return answer_part(request, "follow_up_done", form, context)


def step_context(request: HttpRequest, case: Case, step: FollowUp, form: PlainForm, prefix: str) -> dict[str, Any]:
    return {
        "row": row_of(case, step),
        "action_url": f"{request.path}?zurueck=/" if came_from_today(request) else request.path,
        "back_url": back_url(request, case),
        "summary": form.summary(prefix),
        "proposal": None,
        "day_url": day_url(case),
    }


@require_http_methods(["GET", "POST"])
@case_view
def follow_up_postpone(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Move a step: next working day, in a week, or a date; the reason is asked for and not forced."""
    case, step = load_step(request, number, pk)
    form = PlainForm(
        values_of(request.POST, ("to", "time", "reason", "saturday_ok")), version=str(step.version), case_id=case.pk
    )
    if request.method == "POST":
        form.version = str(request.POST.get("version", ""))
        if quick := request.POST.get("quick"):
            form.values["to"] = str(quick)
        moved = _postpone(request, step, form)
        if moved is not None:
            text = f"{step.get_kind_display()} auf {day_label(moved)} verschoben."
            undo = reverse("casework:follow_up_undo", kwargs={"number": number, "pk": pk})
            return finished(request, case, text, undo)
    elif step.starts_at:
        form.values["time"] = f"{timezone.localtime(step.starts_at):%H:%M}"
    context = {
        **step_context(request, case, step, form, f"v{step.pk}-"),
        "quick": quick_days(case, timezone.localdate()),
        "with_time": step.kind == FollowUpKind.APPOINTMENT,
    }
    return answer_part(request, "follow_up_postpone", form, context)


def read_start(form: PlainForm, step: FollowUp, day: dt.date | None) -> dt.datetime | None:
    """When an appointment begins on its day; a Wiedervorlage has no hour."""
    if step.kind != FollowUpKind.APPOINTMENT:
        return None
    time = parse_time(form.values["time"])
    if time is None:
        form.error("time", NO_TIME)
    return at_local(day, time) if day is not None and time is not None else None


def _postpone(request: HttpRequest, step: FollowUp, form: PlainForm) -> dt.date | None:
    day = read_day(form, "to", step.kind)
    starts_at = read_start(form, step, day)
    check_length(form, "reason", 300)
    if day is None or form.errors:
        return None
    try:
        actions.postpone_follow_up(
            follow_up=step,
            version=read_number(form.version) or 0,
            due_on=day,
            starts_at=starts_at,
            reason=form.values["reason"],
            by=user_of(request),
            saturday_confirmed=bool(form.values["saturday_ok"]),
        )
    except Refused as refused:
        refused.field = {"new_date": "to", "new_time": "time"}.get(refused.field, refused.field)
        form.refuse(refused)
        return None
    return day


@require_POST
@case_view
def follow_up_undo(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take the last postponement or change back."""
    case, step = load_step(request, number, pk)
    try:
        change = actions.undo_change(follow_up=step, by=user_of(request))
    except Refused as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, f"Rückgängig gemacht: wieder am {day_label(change.new_due_on)}.")
    came_from = request.headers.get("Referer", "")
    # Whatever claims to be the page before: the way back stays in the house.
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return redirect(came_from if ours else back_url(request, case))


STEP_FIELDS = ("kind", "date", "time", "place", "subject", "reason", "saturday_ok")


@require_http_methods(["GET", "POST"])
@case_view
def follow_up_change(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Change day, time, place or wording of an open step."""
    case, step = load_step(request, number, pk)
    form = PlainForm(values_of(request.POST, STEP_FIELDS), version=str(step.version), case_id=case.pk)
    if request.method == "POST":
        form.version = str(request.POST.get("version", ""))
        if _change(request, step, form):
            return finished(request, case, f"{step.get_kind_display()} geändert.")
    else:
        form.values.update(
            date=f"{step.due_on:%d.%m.%Y}",
            time=f"{timezone.localtime(step.starts_at):%H:%M}" if step.starts_at else "",
            place=step.place,
            subject=step.subject,
        )
    context = {
        **step_context(request, case, step, form, ""),
        "with_time": step.kind == FollowUpKind.APPOINTMENT,
        "form": form,
        "ask_saturday": form.ask_saturday,
    }
    return render(request, "casework/follow_up_change.html", context, status=form.status)


def _change(request: HttpRequest, step: FollowUp, form: PlainForm) -> bool:
    values = form.values
    day = parse_day(values["date"], today=timezone.localdate())
    if day is None:
        form.error("date", NO_DAY)
    starts_at = read_start(form, step, day)
    for name, limit in (("subject", 300), ("place", 160), ("reason", 300)):
        check_length(form, name, limit)
    if day is None or form.errors:
        return False
    try:
        actions.change_follow_up(
            follow_up=step,
            version=read_number(form.version) or 0,
            due_on=day,
            starts_at=starts_at,
            subject=values["subject"],
            place=values["place"],
            reason=values["reason"],
            by=user_of(request),
            saturday_confirmed=bool(values["saturday_ok"]),
        )
    except Refused as refused:
        refused.field = refused.field.removeprefix("new_").removeprefix("next_")
        form.refuse(refused)
        return False
    return True


@require_http_methods(["GET", "POST"])
@case_view
def follow_up_create(request: HttpRequest, number: str) -> HttpResponse:
    """Set a further Wiedervorlage or Folgetermin without a contact."""
    case = load_case(request, number, event=AccessKind.ENTRY_OPENED, write=True)
    form = PlainForm(values_of(request.POST, NEXT_FIELDS), case_id=case.pk)
    if request.method == "POST":
        step = read_next_step(form, allow_standing=False)
        if step is not None and not form.errors:
            try:
                actions.create_follow_up(case=case, step=step, by=user_of(request))  # type: ignore[arg-type]
            except Refused as refused:
                form.refuse(refused)
            else:
                return finished(request, case, "Eingetragen.")
    else:
        form.values["next"] = "reminder"
    context = {
        "case": case,
        "name": case.client.list_name,
        "form": form,
        "summary": form.summary(),
        "ask_saturday": form.ask_saturday,
        "back_url": back_url(request, case),
        "day_url": day_url(case),
    }
    return render(request, "casework/follow_up_create.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
@case_view
def follow_up_missed(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """ "Termin fand nicht statt": how, and the next step; no text needed."""
    case, step = load_step(request, number, pk)
    if step.kind != FollowUpKind.APPOINTMENT:
        raise absent(request, number)
    form = PlainForm(values_of(request.POST, ("how", "text", *NEXT_FIELDS)), version=str(step.version), case_id=case.pk)
    form.key = str(request.POST.get("key") or uuid.uuid4())
    if request.method == "POST":
        form.version = str(request.POST.get("version", ""))
        if _missed(request, step, form):
            return finished(request, case, "Eingetragen: Der Termin fand nicht statt. Der nächste Schritt steht.")
    steps = list(FollowUp.objects.open().filter(case=case).in_order())
    context = {
        **step_context(request, case, step, form, ""),
        "form": form,
        "hows": [{"value": how.value, "label": how.label} for how in MissedHow],
        "standing": standing_choices(steps, but=step.pk),
        "ask_saturday": form.ask_saturday,
        "proposal": proposal_of_case(case),
    }
    return render(request, "casework/follow_up_missed.html", context, status=form.status)


def _missed(request: HttpRequest, step: FollowUp, form: PlainForm) -> bool:
    if form.values["how"] not in MissedHow.values:
        form.error("how", "Bitte wählen Sie, wie es dazu kam.")
    next_step = read_next_step(form)
    try:
        key = uuid.UUID(form.key)
    except ValueError:
        key = uuid.uuid4()
    if next_step is None or form.errors:
        return False
    try:
        actions.record_missed_appointment(
            follow_up=step,
            version=read_number(form.version) or 0,
            how=MissedHow(form.values["how"]),
            next_step=next_step,  # type: ignore[arg-type]
            by=user_of(request),
            key=key,
            text=form.values["text"],
        )
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


@require_GET
@case_view
def day_check(request: HttpRequest) -> HttpResponse:
    """Name the weekday of a typed date, who is there on it, and a better day. Shows nothing of any case."""
    text = next((str(value) for name, value in request.GET.items() if name.endswith(("date", "to"))), "")
    case, counsellor = (str(request.GET.get(name, "")) for name in ("fall", "counsellor"))
    context = day_answer(user_of(request), text, case, counsellor)
    field = str(request.headers.get("HX-Target", "")).removesuffix("_day")
    return render(request, "components/day.html", {**context, "field": field})
