"""Gespräch: one page, one form, one submit, one transaction (design.md 3). The same for Regel and Spezial (R4.1-1)."""

import re
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from agreements.actions.errors import AgreementMoved
from agreements.forms.proposals import propose_from
from agreements.forms.talk import prefill, read_agreed
from agreements.models.state import State, read_state
from casework import actions
from casework.actions import DraftConflict, Participant, Refused, StaleVersion, StepDecision
from casework.enums import (
    AccessKind,
    ClosingReason,
    ContactKind,
    DraftForm,
    FollowUpKind,
    MissedHow,
    ParticipantRole,
)
from casework.forms.fields import at_local
from casework.forms.steps import (
    NEXT_FIELDS,
    NO_DAY,
    NO_TIME,
    PlainForm,
    clean,
    read_next_step,
    standing_choices,
    step_label,
    values_of,
)
from casework.models import Case, Contact, ContactChannel, Draft, FollowUp, ReflectionGuide
from casework.views.common import case_view, load_case, user_of
from casework.views.days import day_url, proposal_there
from jobcenter.platform.german import parse_day, parse_time
from jobcenter.platform.numbers import read_number
from jobcenter.platform.workdays import WEEKDAYS
from jobcenter.screens.agreed import sections
from jobcenter.screens.drafts import conflict_context, conflict_page, key_of, payload_of, revision_of, store_draft
from jobcenter.screens.offered import consent_rows, offers_section
from offers.forms.talk import NEVER_KEPT, read_offered, rows_of, with_choice
from offers.models.state import read_offering

FIELDS = ("with_client", "channel", "at_date", "at_time", "text", "window", "replaces", "brief", *NEXT_FIELDS)
ROLES = [{"value": role.value, "label": role.label} for role in ParticipantRole if role != ParticipantRole.CLIENT]
CLOSING_REASONS = [{"value": reason.value, "label": reason.label} for reason in ClosingReason]
DECISIONS = {"keep": "bleibt", "done": "damit erledigt", "move": "verlegen"}
DECISION_CHOICES = [{"value": value, "label": label} for value, label in DECISIONS.items()]
THREE_WAY = "three_way"
STEP = re.compile(r"^step_([0-9]{1,17})$")


@require_http_methods(["GET", "POST"])
@case_view
def conversation(request: HttpRequest, number: str) -> HttpResponse:
    """The form, its draft, and its conclusion."""
    event = AccessKind.FILE_OPENED if request.method == "GET" else AccessKind.ENTRY_OPENED
    case = load_case(request, number, event=event, write=True)
    file_url = reverse("screens:case_file", kwargs={"number": number})
    if request.method == "GET":
        if not case.is_open:
            messages.info(request, "Der Fall ist beendet. Für ein neues Gespräch nehmen Sie ihn bitte wieder auf.")
            return redirect(file_url)
        return form_page(request, case, *fresh_form(request, case))
    if request.POST.get("later") or request.POST.get("shared"):
        try:
            store_draft(request, DraftForm.CONVERSATION, case)
        except DraftConflict as conflict:
            return both_texts(request, case, conflict.standing)
        if request.POST.get("shared"):
            return leave(request, reverse("screens:shared_view", kwargs={"number": number}))
        messages.success(request, "Der Entwurf ist gesichert und steht unter „Weiterschreiben“.")
        return leave(request, "/")
    form = posted_form(request, case)
    if asks_for_offers(request):
        form.data = with_choice(form.data | searched_of(request))
        return form_page(request, case, form, posted_rows(request, case))
    contact = conclude(request, case, form)
    if contact is None:
        return form_page(request, case, form, posted_rows(request, case))
    messages.success(request, "Das Gespräch ist in der Akte.")
    return leave(request, f"{file_url}?neu={contact.pk}#eintrag-contact-{contact.pk}")


@require_POST
@case_view
def next_date_proposal(request: HttpRequest, number: str) -> HttpResponse:
    """What the Taktung that is being worded would propose; by POST, because the words are about a person."""
    case = load_case(request, number, event=None, write=True)
    day = parse_day(str(request.POST.get("at_date") or ""), today=timezone.localdate(), past=True)
    proposal = proposal_there(propose_from(clean(request.POST.get("ag_rhythm")), after=day), case.pk)
    return render(request, "casework/parts/proposal.html", {"proposal": proposal, "field": "id_next_date"})


def asks_for_offers(request: HttpRequest) -> bool:
    """A button of the section Angebote was pressed: the form comes back, nothing is concluded."""
    return any(request.POST.get(name) for name in ("find_offers", "choose_offer", "drop_offer"))


def searched_of(request: HttpRequest) -> dict[str, list[str]]:
    return {name: [clean(value) for value in request.POST.getlist(name)] for name in NEVER_KEPT if name in request.POST}


@require_POST
@case_view
def talk_offers(request: HttpRequest, number: str) -> HttpResponse:
    """The section Angebote anew: hits of the catalogue, a choice more or less. Nothing is stored.

    By POST, because the form goes with it; what is looked for is asked of the catalogue alone.
    """
    case = load_case(request, number, event=None, write=True)
    form = posted_form(request, case)
    form.data = with_choice(form.data | searched_of(request))
    offering = read_offering(case.pk, [offer for _, offer in rows_of(form.data)])
    context = {
        "o": offers_section(form, form.data, offering, looked=looks_at_resources(form)),
        "url": request.path,
    }
    return render(request, "screens/parts/talk_offers.html", context)


def looks_at_resources(form: PlainForm) -> bool:
    """This form says that the own resources were looked at."""
    names = [name for name, values in form.data.items() if any(value.strip() for value in values)]
    return any(name in ("resources_seen", "resource_end") or re.match(r"^res[0-9]+_text$", name) for name in names)


def both_texts(request: HttpRequest, case: Case, standing: Draft | None) -> HttpResponse:
    """ "Später weiter" from an older window: both texts; without a script the form stands below them."""
    if request.htmx:  # type: ignore[attr-defined]
        return conflict_page(request, standing, request.path)
    form = posted_form(request, case)
    form.conflict = "In einem anderen Fenster geändert."
    form.revision = standing.revision if standing else 0
    context = {"draft_conflict": conflict_context(request, standing, request.path)}
    return form_page(request, case, form, posted_rows(request, case), context)


def leave(request: HttpRequest, url: str) -> HttpResponse:
    """Go on to another page, asked by HTMX or by a plain form."""
    if request.htmx:  # type: ignore[attr-defined]
        response = HttpResponse()
        response["HX-Redirect"] = url
        return response
    return redirect(url)


def open_steps(case: Case) -> list[FollowUp]:
    return list(FollowUp.objects.open().filter(case=case).in_order())


def fresh_form(request: HttpRequest, case: Case) -> tuple[PlainForm, list[dict[str, Any]]]:
    """The form as it opens: the draft when there is one, else empty but for the moment and the channel."""
    now = timezone.localtime()
    draft = Draft.objects.filter(author=user_of(request), case=case, form=DraftForm.CONVERSATION).first()
    payload: dict[str, list[str]] = draft.payload if draft else {}
    first = {name: values[0] for name, values in payload.items() if values}
    form = PlainForm(values_of(first, FIELDS))
    # A draft that a window saved again after its conclusion must not carry the key that stands already.
    used = draft is not None and Contact.objects.filter(submission_key=draft.key, case=case).exists()
    form.key = str(draft.key) if draft and not used else str(uuid.uuid4())
    form.draft_id = draft.pk if draft else None
    form.revision = draft.revision if draft else 0
    form.values["window"] = uuid.uuid4().hex
    if not draft:
        form.values["with_client"] = "on"
        form.values["channel"] = str(request.GET.get("kanal") or "in_person")
        form.values["brief"] = "1" if request.GET.get("kanal") == "phone" else ""
        form.values["at_date"] = f"{now:%d.%m.%Y}"
        form.values["at_time"] = f"{now:%H:%M}"
    if later := request.GET.get("spaeter"):
        form.values["replaces"] = str(later)
    form.standing = read_state(case.pk)
    form.data = opened_with(request, payload, form.standing)
    form.participants = zip_participants(payload.get("participant_role", []), payload.get("participant_name", []))
    form.saved_at = timezone.localtime(draft.updated_at) if draft else None
    chosen = str(request.GET.get("schritt") or "")
    steps = [
        step_row(step, {name: first.get(f"step_{step.pk}{name}", "") for name in ("", "_date", "_time", "_reason")})
        for step in open_steps(case)
    ]
    for row in steps:
        if str(row["id"]) == chosen and not draft:
            row["choice"] = "done"
    return form, steps


def opened_with(request: HttpRequest, payload: dict[str, list[str]], state: State) -> dict[str, list[str]]:
    """What the sections show first: the draft, else the agreement from which fortschreiben starts."""
    data = payload if "ag_base" in payload else {**prefill(state), **payload}
    return {**data, "agreement": ["new"]} if request.GET.get("vereinbarung") == "neu" else data


def step_row(step: FollowUp, typed: dict[str, str]) -> dict[str, Any]:
    time = f"{timezone.localtime(step.starts_at):%H:%M}" if step.starts_at else ""
    return {
        "id": step.pk,
        "step": step,
        "label": step_label(step),
        "version": step.version,
        "choices": DECISION_CHOICES,
        "choice": typed.get("") if typed.get("") in DECISIONS else "keep",
        "date": typed.get("_date", ""),
        "time": typed.get("_time") or time,
        "reason": typed.get("_reason", ""),
        "is_appointment": step.kind == FollowUpKind.APPOINTMENT,
        "errors": {},
    }


def zip_participants(roles: list[str], names: list[str]) -> list[dict[str, str]]:
    """The filled rows; blank ones do not count."""
    return [
        {"role": role, "name": name, "error": ""}
        for role, name in zip(roles, names, strict=False)
        if (role or name.strip()) and role != ParticipantRole.CLIENT
    ]


def posted_form(request: HttpRequest, case: Case) -> PlainForm:
    form = PlainForm(values_of(request.POST, FIELDS), case_id=case.pk)
    form.data = payload_of(request.POST)
    form.data |= {"demand": [clean(value) for value in request.POST.getlist("demand")]}  # in no draft
    form.key = str(key_of(request.POST))
    form.revision = revision_of(request.POST)
    form.participants = zip_participants(
        request.POST.getlist("participant_role"), [clean(name) for name in request.POST.getlist("participant_name")]
    )
    form.saved_at = None
    return form


def posted_rows(request: HttpRequest, case: Case) -> list[dict[str, Any]]:
    """The open steps as they stand now, with what was chosen for them."""
    names = ("", "_date", "_time", "_reason")
    return [
        step_row(step, {name: str(request.POST.get(f"step_{step.pk}{name}") or "") for name in names})
        for step in open_steps(case)
    ]


def conclude(request: HttpRequest, case: Case, form: PlainForm) -> Contact | None:
    """Read the form and carry the conversation out; None with sentences in the form when it does not hold."""
    values = form.values
    channel = ContactChannel.objects.offered().filter(code=values["channel"]).first()
    if channel is None:
        form.error("channel", "Bitte wählen Sie, wie der Kontakt zustande kam.")
    at = read_moment(form, case)
    participants = read_participants(form)
    if not values["text"].strip():
        form.error("text", "Bitte schreiben Sie auf, was besprochen wurde.")
    decisions = read_decisions(request, form)
    next_step = read_next_step(form, may_close=True)
    replaces = read_replaced(form, case)
    agreed = read_agreed(form, form.data, today=timezone.localdate())
    offered = read_offered(form, form.data)
    if channel is not None and channel.code == THREE_WAY:
        check_three_way(form, participants)
    if next_step is None or at is None or form.errors:
        return None
    try:
        return actions.conclude_conversation(
            case=case,
            by=user_of(request),
            at=at,
            channel=channel,
            text=values["text"],
            participants=participants,
            steps=decisions,
            next_step=next_step,
            key=uuid.UUID(form.key),
            replaces=replaces,
            parts=[agreed, offered],
        )
    except Refused as refused:
        form.refuse(refused)
        if isinstance(refused, AgreementMoved):
            # Said once; whoever concludes again has seen the other version.
            form.standing = read_state(case.pk)
            form.data = {**form.data, "ag_base": prefill(form.standing)["ag_base"]}
        return None


def check_three_way(form: PlainForm, participants: list[Participant]) -> None:
    """A Dreiergespräch names whom of the Träger one talked with (R4.4-10)."""
    if not any(p.role == ParticipantRole.PROVIDER_STAFF and p.name.strip() for p in participants):
        form.error(
            "participants",
            "Ein Dreiergespräch nennt, mit wem vom Träger Sie gesprochen haben: Bitte Name und Rolle eintragen.",
        )


def read_moment(form: PlainForm, case: Case) -> Any:
    today = timezone.localdate()
    day = parse_day(form.values["at_date"], today=today, past=True)
    time = parse_time(form.values["at_time"])
    if day is None:
        form.error("at_date", NO_DAY)
    if time is None:
        form.error("at_time", NO_TIME)
    if day is None or time is None:
        return None
    at = at_local(day, time)
    if at > timezone.now():
        form.error("at_date", "Der Kontakt kann nicht in der Zukunft liegen.")
    elif day < timezone.localdate(case.opened_at):
        form.error("at_date", "An diesem Tag gab es den Fall noch nicht. Stimmt das Datum?")
    return at


def read_participants(form: PlainForm) -> list[Participant]:
    found = [Participant(ParticipantRole.CLIENT)] if form.values["with_client"] else []
    for row in form.participants:
        if row["role"] not in ParticipantRole.values:
            row["error"] = "Bitte wählen Sie die Rolle."
            form.error("participants", "Bitte wählen Sie zu jedem Namen die Rolle.")
        else:
            found.append(Participant(ParticipantRole(row["role"]), row["name"]))
            if len(row["name"]) > 160:
                row["error"] = "Bitte kürzer fassen: höchstens 160 Zeichen."
                form.error("participants", row["error"])
    return found


def read_decisions(request: HttpRequest, form: PlainForm) -> list[StepDecision]:
    """What becomes of each step that the form showed; the action knows which of them are still open."""
    decisions = []
    for name, choice in request.POST.items():
        match = STEP.match(name)
        version = read_number(request.POST.get(f"{name}_version"), biggest=10**9)
        if match is None or choice not in ("done", "move"):
            continue
        if version is None:
            form.refuse(StaleVersion())
            continue
        due_on = starts_at = None
        reason = clean(request.POST.get(f"{name}_reason"))
        if len(reason) > 300:
            form.error(f"{name}_reason", "Bitte kürzer fassen: höchstens 300 Zeichen.")
        if choice == "move":
            typed = str(request.POST.get(f"{name}_date") or "")
            due_on = parse_day(typed, today=timezone.localdate())
            time = parse_time(str(request.POST.get(f"{name}_time") or ""))
            if due_on is None:
                form.error(f"{name}_date", NO_DAY if typed.strip() else "Bitte nennen Sie den neuen Tag.")
            elif time:
                starts_at = at_local(due_on, time)
        decisions.append(
            StepDecision(
                int(match[1]),
                version,
                str(choice),
                due_on,
                starts_at,
                reason,
                bool(form.values["saturday_ok"]),
            )
        )
    return decisions


def read_replaced(form: PlainForm, case: Case) -> Contact | None:
    if not form.values["replaces"]:
        return None
    number = read_number(form.values["replaces"])
    missed = Contact.objects.filter(case=case, pk=number, kind=ContactKind.MISSED).first() if number else None
    if missed is None:
        form.error("text", "Der Termin, der nicht stattfand, gehört nicht zu dieser Akte.")
    return missed


def form_page(
    request: HttpRequest,
    case: Case,
    form: PlainForm,
    steps: list[dict[str, Any]],
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    for row in steps:
        prefix = f"step_{row['id']}"
        row["errors"] = {
            "choice": form.errors.get(prefix, []),
            "date": form.errors.get(f"{prefix}_date", []),
            "time": form.errors.get(f"{prefix}_time", []),
            "reason": form.errors.get(f"{prefix}_reason", []),
        }
    form.errors.setdefault("next", []).extend(form.errors.get("non_field", []))
    if not form.errors["next"]:
        del form.errors["next"]
    state = form.standing or read_state(case.pk)
    offering = read_offering(case.pk, [offer for _, offer in rows_of(form.data)])
    now = timezone.localtime()
    at_label = "Heute" if form.values["at_date"] == f"{now:%d.%m.%Y}" else form.values["at_date"]
    number = case.number
    saved_at = form.saved_at
    participants = form.participants
    context = {
        "case": {
            "number": number,
            "name": case.client.list_name,
            "birth_label": f"{case.client.birth_date:%d.%m.%Y}",
            "file_url": f"/faelle/{number}/",
        },
        "action_url": f"/faelle/{number}/gespraech/",
        "draft_url": f"/faelle/{number}/gespraech/entwurf/",
        "day_url": day_url(case),
        "form": form,
        "summary": form.summary(),
        "focus": "text" if request.GET.get("kanal") else "",
        "at_label": f"{at_label}, {form.values['at_time']}",
        "channels": [
            {"value": code, "label": text}
            for code, text in ContactChannel.objects.offered().values_list("code", "text")
        ],
        "roles": ROLES,
        "participants": participants,
        "participants_label": people_label(len(participants)),
        "steps": steps,
        "standing": standing_choices([row["step"] for row in steps]),
        "may_close": True,
        "closing_reasons": CLOSING_REASONS,
        "ask_saturday": form.ask_saturday,
        "draft_id": form.draft_id,
        "draft_label": f"Entwurf von {saved_at:%H:%M}" if saved_at else "",
        "last": last_contact(case),
        "guide": guide_sections(),
        "places_url": reverse("agreements:place_search"),
        "proposal_url": reverse("screens:next_date_proposal", kwargs={"number": number}),
        "offers": offers_section(form, form.data, offering, looked=looks_at_resources(form)),
        "offers_url": reverse("screens:talk_offers", kwargs={"number": number}),
        "consents": consent_rows(offering),
        "consents_url": f"/faelle/{number}/einwilligungen/",
        **sections(form, form.data, state, [row["step"] for row in steps], case),
        **(more or {}),
    }
    return render(request, "screens/conversation.html", context, status=form.status)


def people_label(count: int) -> str:
    if count == 0:
        return "mit Beteiligten"
    return "mit einer weiteren Person" if count == 1 else f"mit {count} weiteren Personen"


def last_contact(case: Case) -> dict[str, str] | None:
    row = (
        Contact.objects.filter(case=case, withdrawn_at=None)
        .order_by("-at", "-id")
        .values_list("at", "kind", "missed_how", "channel__text", "author__first_name", "author__last_name", "text")
        .first()
    )
    if row is None:
        return None
    at, kind, how, channel, first, last, text = row
    local = timezone.localtime(at)
    title = f"Termin fand nicht statt: {MissedHow(how).label}" if how else channel or ""
    return {
        "at_label": f"{WEEKDAYS[local.weekday()]}, {local:%d.%m.%Y}",
        "title": title,
        "author": f"{first} {last}",
        "text": text[:600] + (" …" if len(text) > 600 else ""),
    }


def guide_sections() -> dict[str, Any]:
    """The Orientierungsschema beside the form, with its version (R4.3-9): to read, nothing of it is stored (R4.3-8).

    The first line of a part is its heading, each further one a question.
    """
    newest = ReflectionGuide.objects.first()
    if newest is None:
        return {"version": "", "parts": []}
    blocks = [block.strip().split("\n") for block in newest.text.replace("\r", "").split("\n\n") if block.strip()]
    return {
        "version": f"{timezone.localtime(newest.published_at):%d.%m.%Y}",
        "parts": [{"title": title, "questions": questions} for title, *questions in blocks],
    }
