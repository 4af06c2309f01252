"""A chosen offer in the file of a case, and with whom we may talk (R4.4-1 to 3, R4.4-8 to 10).

Whoever reads the file reads this; only who acts on the case writes. Nothing here asks why a choice is taken back.
"""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agreements.views.wording import local_day
from casework.actions import Refused, StaleVersion
from casework.actions.steps import FURTHEST_AHEAD
from casework.enums import AccessKind
from casework.models import Case
from casework.models.presence import LONGEST_SEARCH, read_presence_of_case
from casework.views.acting import acts_on, leave, load_to_write
from casework.views.common import absent, answer_form, case_view, load_case, refusals_into, user_of
from casework.views.days import day_url
from jobcenter.platform.numbers import read_number
from jobcenter.platform.workdays import day_label
from offers.actions import choices as actions
from offers.enums import TOLD, OfferEventKind
from offers.forms.choices import (
    ConsentForm,
    EndForm,
    IntentForm,
    PlanForm,
    RevokeForm,
    StartForm,
    UntilForm,
    step_is_set,
)
from offers.models import (
    Consent,
    GroupMember,
    IntentVersion,
    OfferChoice,
    OfferEvent,
    OfferVersion,
    Participation,
    ParticipationOutcome,
)
from offers.models.description import plain

TOLD_SHORT = 20  # changes of the offer shown at most
ALREADY = "Die Wahl war schon zurückgenommen oder abgeschlossen."


def load_choice(request: HttpRequest, case: Case, pk: int) -> OfferChoice:
    """A choice of this case; what a withdrawn conversation chose is as absent as one of another case."""
    choice = (
        OfferChoice.objects.filter(case=case, pk=pk, contact__withdrawn_at=None)
        .select_related("agreement", "by", "withdrawn_by", "ended_by", "offer__provider")
        .first()
    )
    if choice is None:
        raise absent(request, case.number)
    choice.case = case
    return choice


def offer_name(offer_id: int) -> str:
    """What the offer is called now, or was called last."""
    published = OfferVersion.objects.filter(offer=offer_id, published_at__isnull=False)
    name = published.order_by(F("superseded_at").desc(nulls_first=True)).values_list("name", flat=True).first()
    return plain(name)


def state_label(choice: OfferChoice, row: Participation | None) -> str:
    """Where it stands, in words; never as a mark or a number."""
    if choice.withdrawn_at:
        return f"zurückgenommen am {local_day(choice.withdrawn_at)}"
    if row and row.ended_on:
        return f"Teilnahme beendet am {day_label(row.ended_on)}"
    if row and row.started_on:
        return f"nimmt teil seit {day_label(row.started_on)}"
    if row and row.planned_from:
        return f"Teilnahme geplant ab {day_label(row.planned_from)}"
    return "gewählt"


# --- a chosen offer ----------------------------------------------------------------------------------------


@require_GET
@case_view
def choice_detail(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The chosen offer with its Absicht, its goal, the participation, and what came of it."""
    case = load_case(request, number, event=AccessKind.ENTRY_OPENED)
    choice = load_choice(request, case, pk)
    may_write = acts_on(user_of(request), case)
    stands = choice.withdrawn_at is None and choice.ended_at is None
    row = Participation.objects.filter(choice=choice).first()
    member = GroupMember.objects.filter(choice=choice, left_at=None).first() if choice.immediate else None
    intents = list(
        IntentVersion.objects.filter(choice=choice).exclude(text="").select_related("by").order_by("-number")
    )
    context = {
        "case": case,
        "choice": {
            "id": choice.pk,
            "offer_id": choice.offer_id,
            "name": offer_name(choice.offer_id),
            "provider": plain(choice.offer.provider.name),
            "since": local_day(choice.at),
            "who": choice.by.full_name,
            "state": state_label(choice, row),
            "linked": choice.agreement_id is not None,
        },
        "intent": intents[0] if intents else None,
        "earlier": intents[1:],
        "goal": goal_of(choice),
        "days": days_of(row),
        "outcomes": outcomes_of(choice, intents),
        "changes": changes_of(choice) if stands else [],
        "member": member,
        "may": {
            "word": may_write and stands and case.is_open,
            "withdraw": may_write and stands,
            "participate": may_write and stands and (case.is_open or bool(row and row.started_on)),
            "link": may_write
            and case.is_open
            and choice.immediate
            and choice.agreement_id is None
            and not choice.withdrawn_at,
            "talk": may_write and case.is_open and not choice.withdrawn_at,
            "join": may_write and stands and case.is_open and choice.immediate and member is None,
            "leave": may_write and case.is_open and member is not None,
            "see": may_write and stands,
        },
    }
    return render(request, "offers/choice.html", context)


def goal_of(choice: OfferChoice) -> dict[str, Any] | None:
    """The goal that the offer was chosen for; none where the agreement has left the file."""
    agreement = choice.agreement
    if agreement is None or agreement.withdrawn_at:
        return None
    return {"text": agreement.goal, "number": agreement.number, "at": local_day(agreement.at)}


def days_of(row: Participation | None) -> list[tuple[str, str]]:
    """The dates of the participation that are known, each with its name."""
    if row is None:
        return []
    days = [
        ("geplant ab", row.planned_from),
        ("geplant bis", row.planned_until),
        ("begonnen am", row.started_on),
        ("beendet am", row.ended_on),
    ]
    return [(label, day_label(day)) for label, day in days if day]


def outcomes_of(choice: OfferChoice, intents: list[IntentVersion]) -> list[dict[str, str]]:
    """What came of it as told in conversations that stand, the latest first, beside the Absicht of that day."""
    told = ParticipationOutcome.objects.filter(choice=choice, contact__withdrawn_at=None).exclude(own_words="")
    return [
        {
            "at": local_day(row.at),
            "who": row.by.full_name,
            "intent": next((intent.text for intent in intents if intent.at <= row.at), ""),
            "own_words": row.own_words,
            "provider_words": row.provider_words,
            "contact": str(row.contact_id),
        }
        for row in told.select_related("by").order_by("-at", "-id")
    ]


def changes_of(choice: OfferChoice) -> list[dict[str, str]]:
    """What happened to the offer since the choice, or since somebody here has last seen it."""
    since = max(choice.at, choice.changes_seen_at or choice.at)
    events = OfferEvent.objects.filter(offer=choice.offer_id, kind__in=TOLD, at__gt=since).order_by("-at", "-id")
    return [{"at": local_day(event.at), "what": OfferEventKind(event.kind).label} for event in events[:TOLD_SHORT]]


@require_http_methods(["GET", "POST"])
@case_view
def intent_change(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """ "Absicht ändern": the field is empty, the Absicht so far stands above it and stays in the history."""
    case = load_to_write(request, number)
    choice = load_choice(request, case, pk)
    form = IntentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            actions.change_intent(choice=choice, text=form.cleaned_data["text"], by=user_of(request))
            messages.success(request, "Die Absicht ist neu formuliert. Die frühere bleibt lesbar.")
            return leave(request, "offers:choice", number=number, pk=pk)
    current = IntentVersion.objects.filter(choice=choice).exclude(text="").order_by("-number").first()
    context = {"case": case, "choice": choice, "name": offer_name(choice.offer_id), "intent": current}
    return answer_form(request, "offers/choice_intent.html", form, context)


@require_POST
@case_view
def choice_withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """ "nimmt die Wahl zurück": at once, without a question and without a reason (R4.4-3)."""
    case = load_case(request, number, event=None, write=True)
    choice = load_choice(request, case, pk)
    try:
        actions.withdraw_choice(choice=choice, by=user_of(request))
    except StaleVersion:
        messages.info(request, ALREADY)
    else:
        messages.success(request, "Die Wahl ist zurückgenommen. Einen Grund braucht es nicht.")
    return leave(request, "offers:choice", number=number, pk=pk)


@require_POST
@case_view
def choice_agreement(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Link the agreement that followed to an immediate choice (R3.3-3)."""
    case = load_case(request, number, event=None, write=True)
    choice = load_choice(request, case, pk)
    try:
        agreement = actions.link_agreement(choice=choice, by=user_of(request))
    except Refused as refused:
        messages.info(request, refused.message)
    else:
        messages.success(request, f"Mit der {agreement.number}. Fassung der Vereinbarung verknüpft.")
    return leave(request, "offers:choice", number=number, pk=pk)


@require_POST
@case_view
def choice_seen(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """What changed about the offer has been seen; back to where the button stood."""
    case = load_case(request, number, event=None, write=True)
    choice = load_choice(request, case, pk)
    actions.mark_changes_seen(choice=choice, by=user_of(request))
    if urlsplit(request.headers.get("Referer", "")).path == "/":
        return leave(request, "screens:today")
    messages.success(request, "Gesehen.")
    return leave(request, "offers:choice", number=number, pk=pk)


# --- participation -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@case_view
def participation(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Planned, begun, ended; each with its form, as far as it has come."""
    case = load_to_write(request, number)
    choice = load_choice(request, case, pk)
    row = Participation.objects.filter(choice=choice).first()
    name = offer_name(choice.offer_id)
    act = str(request.POST.get("act", "")) if request.method == "POST" else ""
    forms = forms_of(request, case, choice, row, name, act)
    form = forms.get(act)
    if form is not None and form.is_valid():
        with refusals_into(form):
            text = carry_out(act, form, choice, request)
            messages.success(request, text)
            return leave(request, "offers:choice", number=number, pk=pk)
    gone = bool(act) and form is None
    context = {
        "case": case,
        "choice": choice,
        "name": name,
        "forms": forms,
        "days": days_of(row),
        "state": state_label(choice, row),
        "version": row.version if row else 0,
        "day_url": day_url(case),
        "gone": StaleVersion.message if gone else "",
    }
    return answer_participation(request, form, context, gone=gone)


def answer_participation(request: HttpRequest, form: Any, context: dict[str, Any], *, gone: bool) -> HttpResponse:
    """200, 422 for what the form can mend, 409 when it has come further meanwhile."""
    status = 200
    if form is not None and form.errors:
        status = 409 if getattr(form, "conflict", False) else 422
    return render(request, "offers/participation.html", context, status=409 if gone else status)


def forms_of(
    request: HttpRequest, case: Case, choice: OfferChoice, row: Participation | None, name: str, act: str
) -> dict[str, Any]:
    """The forms that the participation allows now; the one that was sent holds what was typed."""
    if choice.withdrawn_at or choice.ended_at:
        return {}
    kinds: dict[str, Any] = {"until": UntilForm, "end": EndForm} if row and row.started_on else {}
    kinds = kinds or {"plan": PlanForm, "start": StartForm}
    today = timezone.localdate()
    until = row.planned_until if row else None
    known = {
        "name": name,
        "presence": read_presence_of_case(case.pk, today, today + FURTHEST_AHEAD + dt.timedelta(days=LONGEST_SEARCH)),
        "until": until,
        "is_set": step_is_set(case.pk, name),
    }
    first = {"plan": {"planned_from": row.planned_from if row else None}}
    forms: dict[str, Any] = {}
    for key, kind in kinds.items():
        data = request.POST if key == act else None
        options = {} if kind is EndForm else {**known, "initial": first.get(key, {})}
        forms[key] = kind(data, auto_id=f"id_{key}_%s", **options)
    return forms


def carry_out(act: str, form: Any, choice: OfferChoice, request: HttpRequest) -> str:
    """Do what the form says; the sentence that tells what was done."""
    data = form.cleaned_data
    common: dict[str, Any] = {
        "choice": choice,
        "by": user_of(request),
        "version": read_number(str(request.POST.get("version", ""))) or 0,
    }
    if act == "end":
        actions.end_participation(ended_on=data["ended_on"], **common)
        return "Die Teilnahme ist beendet. Was sie gebracht hat, steht nach dem nächsten Gespräch hier."
    step = form.next_step
    common |= {"planned_until": data["planned_until"], "next_step": step}
    if act == "start":
        actions.start_participation(started_on=data["started_on"], **common)
    else:
        planned_from = data["planned_from"] if act == "plan" else planned_from_of(choice)
        actions.plan_participation(planned_from=planned_from, **common)
    told = {"plan": "Die Teilnahme ist geplant.", "start": "Die Teilnahme hat begonnen."}.get(act, "Eingetragen.")
    return f"{told} Wiedervorlage am {day_label(step.due_on)}." if step else told


def planned_from_of(choice: OfferChoice) -> dt.date | None:
    return Participation.objects.filter(choice=choice).values_list("planned_from", flat=True).first()


# --- consents ----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@case_view
def consents(request: HttpRequest, number: str) -> HttpResponse:
    """With whom we may talk, for what, since when; whoever works on the case adds one."""
    posting = request.method == "POST"
    case = load_case(request, number, event=None if posting else AccessKind.ENTRY_OPENED, write=posting)
    form = ConsentForm(request.POST if posting else None, initial={"given_on": timezone.localdate()})
    if posting and form.is_valid():
        with refusals_into(form):
            actions.record_consent(case=case, by=user_of(request), **form.cleaned_data)
            messages.success(request, "Eingetragen. Die Person kann sie jederzeit widerrufen.")
            return leave(request, "offers:consents", number=number)
    may_write = posting or acts_on(user_of(request), case)
    rows = Consent.objects.filter(case=case).select_related("by", "revoked_by", "provider")
    rows = rows.order_by(F("revoked_on").desc(nulls_first=True), "-given_on", "-id")
    found = [(consent, plain(consent.provider.name) if consent.provider else "") for consent in rows]
    context = {
        "case": case,
        "standing": [row for row in found if row[0].revoked_on is None],
        "revoked": [row for row in found if row[0].revoked_on],
        "may_write": may_write,
        "may_record": posting or (may_write and case.is_open),
    }
    return answer_form(request, "offers/consents.html", form, context)


@require_http_methods(["GET", "POST"])
@case_view
def consent_revoke(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """ "widerrufen": the day, no reason; the consent stays readable with its dates."""
    case = load_case(request, number, event=AccessKind.ENTRY_OPENED if request.method == "GET" else None, write=True)
    consent = Consent.objects.filter(case=case, pk=pk).select_related("provider").first()
    if consent is None:
        raise absent(request, number)
    consent.case = case
    form = RevokeForm(request.POST if request.method == "POST" else None, initial={"revoked_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            actions.revoke_consent(consent=consent, by=user_of(request), **form.cleaned_data)
            messages.success(request, "Die Einwilligung ist widerrufen.")
            return leave(request, "offers:consents", number=number)
    return answer_form(request, "offers/consents_revoke.html", form, {"case": case, "consent": consent})


BASE = "faelle/<slug:number>/angebote/<int:pk>/"
URLS: list[URLPattern] = [
    path(BASE, choice_detail, name="choice"),
    path(f"{BASE}absicht/", intent_change, name="intent"),
    path(f"{BASE}zuruecknehmen/", choice_withdraw, name="choice_withdraw"),
    path(f"{BASE}teilnahme/", participation, name="participation"),
    path(f"{BASE}vereinbarung/", choice_agreement, name="choice_agreement"),
    path(f"{BASE}gesehen/", choice_seen, name="choice_seen"),
    path("faelle/<slug:number>/einwilligungen/", consents, name="consents"),
    path("faelle/<slug:number>/einwilligungen/<int:pk>/widerruf/", consent_revoke, name="consent_revoke"),
]
