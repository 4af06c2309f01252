"""Erinnerungen: whether the mails of a day went out, for the Fachadministration; not what they told (R4.4-6)."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Case, Count, F, IntegerField, Min, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from casework import actions
from casework.enums import DigestKind, DigestState
from casework.models import DigestMail, DigestRun
from casework.models.clients import fold
from casework.models.ladder import ladders_of_organisations
from casework.models.reminders import counsellors_without_recipient
from casework.permissions import can_see_delivery
from casework.views.common import absent, require, user_of
from casework.views.ladder import ladder_panels
from jobcenter.platform.context import Purpose, widened
from jobcenter.platform.numbers import read_number
from jobcenter.platform.workdays import day_label, is_working_day, next_working_day

SHOWN = dt.timedelta(days=14)
PLANNED_BY = dt.time(6, 35)  # at 06:30 the first bell plans the day; five minutes later something is wrong
STALLED = dt.timedelta(minutes=5)
PER_PAGE = 100
KIND_LABELS = dict(DigestKind.choices)
STATES = {
    "nicht-zugestellt": DigestState.FAILED,
    "unklar": DigestState.UNCLEAR,
    "wartet": DigestState.PLANNED,
    "uebergabe": DigestState.CLAIMED,
    "verschickt": DigestState.SENT,
    "entfallen": DigestState.DROPPED,
}
OBSTACLES = {
    "connection": "der Mailserver war nicht erreichbar",
    "timeout": "der Mailserver antwortete nicht",
    "tls": "die verschlüsselte Verbindung zum Mailserver kam nicht zustande",
    "garbled": "der Mailserver antwortete unverständlich",
}
TROUBLE = (DigestState.FAILED, DigestState.UNCLEAR)
COLUMNS = (
    "recipient_id",
    "recipient__last_name",
    "recipient__first_name",
    "kind",
    "state",
    "attempts",
    "not_before",
    "ended_at",
    "answer",
)


@require_GET
@widened(Purpose.REMIND)
def reminder_list(request: HttpRequest) -> HttpResponse:
    """The mails of one day and what became of them; what did not arrive stands first."""
    require(request, can_see_delivery(user_of(request)))
    now = timezone.localtime()
    today = now.date()
    closed = actions.local_days(today - SHOWN, today + SHOWN)
    runs = dict(DigestRun.objects.filter(local_date__gte=today - SHOWN).values_list("local_date", "planned_at"))
    days = _days(set(runs), today, closed)
    newest = max(runs, default=None)
    asked = _day(request.GET.get("tag"))
    day = asked if asked in days else newest or today
    wanted = request.GET.get("zustand", "")
    state = STATES.get(wanted)
    mails = DigestMail.objects.of_day(day)
    counts: dict[str, int] = dict(mails.order_by("state").values_list("state").annotate(Count("pk")))
    total = counts.get(state, 0) if state else sum(counts.values())
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, read_number(request.GET.get("seite"), biggest=9999) or 1), pages)
    rows = _rows(mails.filter(state=state) if state else mails, (page - 1) * PER_PAGE, day, now)
    here = f"?tag={day}"
    keep = f"{here}&zustand={wanted}" if state else here
    context = {
        "day_label": day_label(day),
        "planned": _planned_sentence(day, runs.get(day), now, closed),
        "fell_back": bool(request.GET.get("tag")) and asked != day,
        "alarm": _alarm(now, runs, closed),
        "stalled": _stalled(mails, now),
        "unreachable": counsellors_without_recipient(today),
        "filters": _filters(counts, here, state),
        "trouble": [row for row in rows if row["is_trouble"] and not state],
        "rows": [row for row in rows if state or not row["is_trouble"]],
        "has_mails": bool(counts),
        "earlier": _neighbour(days, day, -1),
        "later": _neighbour(days, day, 1),
        "pager": {
            "newer_url": f"{keep}&seite={page - 1}" if page > 1 else "",
            "older_url": f"{keep}&seite={page + 1}" if page < pages else "",
            "text": f"Seite {page} von {pages}" if pages > 1 else "",
        },
        "ladders": ladder_panels(ladders_of_organisations()),
        "demo_day": day_label(next_working_day(today, closed)) if _may_send_now() else "",
    }
    return render(request, "casework/reminder_list.html", context)


@require_POST
@widened(Purpose.REMIND)
def reminder_send(request: HttpRequest) -> HttpResponse:
    """Only in the demonstration: plan the next working day now and ring, so that a mail can be looked at any time."""
    if not _may_send_now():
        raise absent(request)
    require(request, can_see_delivery(user_of(request)))
    today = timezone.localdate()
    day = next_working_day(today, actions.local_days(today, today + SHOWN))
    was_planned = DigestRun.objects.filter(local_date=day).exists()
    count = actions.plan_reminders(day=day)
    if was_planned:
        text = f"Die Erinnerungen für {day_label(day)} sind schon geplant. Es wird nichts zweimal geschickt."
    elif count:
        mails = "1 Erinnerung" if count == 1 else f"{count} Erinnerungen"
        text = f"{mails} für {day_label(day)} geplant; verschickt wird in den nächsten Sekunden."
    else:
        text = f"Für {day_label(day)} ist niemand an etwas zu erinnern."
    messages.success(request, text)
    return redirect(f"{reverse('casework:reminder_list')}?tag={day}")


def _may_send_now() -> bool:
    return bool(settings.DEMO and settings.REMINDER_ANY_TIME)


# --- the days ----------------------------------------------------------------------------------------------


def _days(planned: set[dt.date], today: dt.date, closed: frozenset[dt.date]) -> list[dt.date]:
    """Planned days, and the working days between them and today: one that was left out is to be seen, too."""
    first = min(planned, default=today)
    since = [first + dt.timedelta(days=number) for number in range((today - first).days + 1)]
    return sorted(planned | {day for day in since if is_working_day(day, closed)} | {today})


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return None


def _neighbour(days: list[dt.date], day: dt.date, step: int) -> dict[str, str] | None:
    place = days.index(day) + step
    if not 0 <= place < len(days):
        return None
    return {"url": f"?tag={days[place]}", "label": day_label(days[place])}


def _planned_sentence(
    day: dt.date, planned_at: dt.datetime | None, now: dt.datetime, closed: frozenset[dt.date]
) -> str:
    if planned_at is not None:
        return f"geplant {_moment(planned_at, day)}"
    if not is_working_day(day, closed):
        return "kein Arbeitstag; an freien Tagen wird niemand angeschrieben"
    if day == now.date() and now.time() < PLANNED_BY:
        return "wird um 6:30 geplant"
    return "nicht geplant" if day == now.date() else "wurde nicht geplant; an diesem Tag ging keine Erinnerung hinaus"


def _alarm(now: dt.datetime, runs: dict[dt.date, dt.datetime], closed: frozenset[dt.date]) -> str:
    """Whether today should have been planned by now and is not: then nobody rings, and nobody is told."""
    today = now.date()
    if today in runs or now.time() < PLANNED_BY or not is_working_day(today, closed):
        return ""
    if actions.is_time_to_remind(now):
        return "Bis 18 Uhr wird es nachgeholt, sobald Beat und Worker wieder laufen."
    return (
        "Nach 18 Uhr wird für heute nichts mehr geplant; am nächsten Arbeitstag wird an alles erinnert, was offen ist."
    )


def _stalled(mails: Any, now: dt.datetime) -> str:
    """What keeps mails waiting for longer than they should: "server" when it is asked and takes none, else "worker".

    For the mail server's absence one mail after the other is put back (put_back): those are young and have an answer.
    """
    is_open = settings.REMINDER_ANY_TIME or (actions.is_time_to_remind(now) and now.time() >= PLANNED_BY)
    since = now - STALLED
    waiting = mails.filter(state=DigestState.PLANNED).aggregate(
        oldest=Min("not_before"), put_back=Count("pk", filter=Q(not_before__gt=since) & ~Q(answer=""))
    )
    if not is_open or waiting["oldest"] is None or waiting["oldest"] > since:
        return ""
    return "server" if waiting["put_back"] else "worker"


# --- the mails ---------------------------------------------------------------------------------------------


def _filters(counts: dict[str, int], here: str, chosen: DigestState | None) -> list[dict[str, Any]]:
    found = [{"label": "alle", "count": sum(counts.values()), "url": here, "current": chosen is None}]
    for word, state in STATES.items():
        if counts.get(state) or state == chosen:
            found.append(
                {
                    "label": state.label,
                    "count": counts.get(state, 0),
                    "url": f"{here}&zustand={word}",
                    "current": state == chosen,
                }
            )
    return found


def _rows(mails: Any, first: int, day: dt.date, now: dt.datetime) -> list[dict[str, Any]]:
    trouble = Case(When(state__in=TROUBLE, then=0), default=1, output_field=IntegerField())
    ordered = mails.order_by(
        trouble, fold(F("recipient__last_name")), fold(F("recipient__first_name")), "recipient_id", "kind"
    )
    rows = []
    for row in ordered.values_list(*COLUMNS)[first : first + PER_PAGE]:
        pk, last, given, kind, state, attempts, not_before, ended_at, answer = row
        rows.append(
            {
                "name": f"{last}, {given}",
                "kind": KIND_LABELS[kind],
                "sentence": sentence(DigestState(state), attempts, not_before, ended_at, answer, day=day, now=now),
                "is_trouble": state in TROUBLE,
                "account_id": pk if state == DigestState.FAILED and answer != "too-late" else None,
            }
        )
    return rows


def sentence(
    state: DigestState,
    attempts: int,
    not_before: dt.datetime,
    ended_at: dt.datetime | None,
    answer: str,
    *,
    day: dt.date,
    now: dt.datetime,
) -> str:
    """What became of a mail, so that whoever reads it knows whether there is something to do."""
    if state == DigestState.SENT and ended_at is not None:
        return f"verschickt {_moment(ended_at, day)}"
    if state == DigestState.PLANNED:
        return _waiting(attempts, not_before, answer, day=day, now=now)
    if state == DigestState.CLAIMED:
        return "wird gerade übergeben"
    if state == DigestState.FAILED:
        return f"nicht zugestellt: {_refusal(answer)}"
    if state == DigestState.UNCLEAR:
        return f"unklar: {_break(answer)}; sie wird nicht noch einmal geschickt"
    # Nobody's absence is told here; whoever is away has nothing that is overdue, the substitute has.
    return "entfallen: es war nichts mehr mitzuteilen"


def _waiting(attempts: int, not_before: dt.datetime, answer: str, *, day: dt.date, now: dt.datetime) -> str:
    is_due = not_before <= now
    if not attempts and answer:
        return f"wartet: {_obstacle(answer)}"  # no attempt of this mail, the next bell asks again
    if not attempts:
        return "wartet und ist gleich an der Reihe" if is_due else f"wartet, verschickt wird {_moment(not_before, day)}"
    when = "gleich" if is_due else _moment(not_before, day)
    tries = "1 Versuch" if attempts == 1 else f"{attempts} Versuche"
    return f"wartet auf den nächsten Versuch {when}, bisher {tries} ({_obstacle(answer)})"


def _obstacle(answer: str) -> str:
    if answer.startswith("4"):
        return f"der Mailserver bat um Aufschub, {answer}"
    if answer.startswith("5"):
        return f"der Mailserver ließ die Anwendung nicht herein, {answer}"
    return OBSTACLES.get(answer) or f"ein Fehler in der Anwendung, {answer}"


def _refusal(answer: str) -> str:
    if answer in ("550", "551", "553"):
        return f"Adresse abgelehnt ({answer})"
    if answer == "552":
        return "Das Postfach ist voll (552)"
    if answer == "address":
        return "Die Adresse im Konto ist keine gültige Mailadresse"
    if answer == "too-late":
        return "Der Tag ging zu Ende, bevor sie verschickt werden konnte"
    return f"vom Mailserver abgelehnt ({answer})"


def _break(answer: str) -> str:
    if answer == "lease":
        return "Das Verschicken wurde mittendrin unterbrochen"
    if answer in ("timeout", "garbled"):
        return "Der Mailserver bestätigte nicht, dass er den Text hat"
    return "Die Verbindung brach ab, nachdem der Text übergeben war"


def _moment(at: dt.datetime, day: dt.date) -> str:
    """`um 6:30` on the day that is shown, else `am So, 22.11.2026 um 18:39`."""
    local = timezone.localtime(at)
    clock = f"um {local.hour}:{local:%M}"
    return clock if local.date() == day else f"am {day_label(local.date())} {clock}"
