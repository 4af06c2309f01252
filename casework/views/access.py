""" "Zugriff mit Anlass": the counter and the telephone, reading with a worded reason, texts out of a wrong file."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from casework import actions
from casework.actions import NewStep, Participant, Refused
from casework.actions.drafts import has_reason_to_read, may_read_draft, record_draft_read, word_reason_to_read
from casework.enums import DraftForm, GrantKind, ParticipantRole
from casework.forms.access import AdoptForm, LookupForm, ReasonForm, VisitForm
from casework.forms.opening import first_step_of
from casework.forms.steps import PlainForm, read_next_step
from casework.models import Case, Contact, Draft
from casework.permissions import can_access_for_reason
from casework.views.acting import acts_on, granted_case, leave, request_id_of, responsible_counsellor
from casework.views.common import absent, answer_form, case_view, refusals_into, require, user_of
from casework.views.days import day_url
from casework.views.opening import share_refusal
from casework.views.wording import contact_title
from jobcenter.platform.context import Purpose, widened

NOT_FOUND = (
    "Zu diesen Angaben gibt es hier keinen Fall, für den Sie etwas eintragen können. "
    "Bitte vergleichen Sie Schreibweise und Geburtsdatum."
)
OWN_LABELS = {
    "text": "Besprochenes",
    "next_date": "Wann geht es weiter?",
    "next_time": "Uhrzeit",
    "next_place": "Ort oder Weg",
    "next_subject": "Worum geht es dann?",
}
# What the rooms above call the fields of a conversation. Filled when the apps are ready.
DRAFT_LABELS: list[Callable[[str], str]] = []


@require_http_methods(["GET", "POST"])
@case_view
def access_lookup(request: HttpRequest) -> HttpResponse:
    """Find the case of whoever stands at the counter. No match, foreign and protected answer alike.

    For whose case has ended, the way leads to taking it up again.
    """
    user = user_of(request)
    require(request, can_access_for_reason(user))
    form = LookupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        reason = asked.pop("reason")
        case = actions.find_for_counter(by=user, request_id=request_id_of(request), **asked)
        if case is None:
            form.add_error(None, NOT_FOUND)
        elif acts_on(user, case):
            return leave(request, "screens:case_file", number=case.number)
        else:
            actions.take_access(
                case=case, kind=GrantKind.RECORD, reason=reason, by=user, request_id=request_id_of(request)
            )
            way = "casework:access_record" if case.is_open else "casework:case_resume"
            return leave(request, way, number=case.number)
    return answer_form(request, "casework/access_lookup.html", form)


def load_granted(request: HttpRequest, number: str) -> Case:
    """A case for which the user has taken access today; anything else is as absent as a case that never was."""
    case = granted_case(user_of(request), number)
    if case is None:
        raise absent(request, number)
    return case


@require_http_methods(["GET", "POST"])
@case_view
@widened(Purpose.RECORD_FOR)
def access_record(request: HttpRequest, number: str) -> HttpResponse:
    """Record a contact with its next step for the responsible IFK; nothing of the file is shown."""
    case = load_granted(request, number)
    if request.method == "GET" and not case.is_open:
        return leave(request, "casework:case_resume", number=number)
    form = VisitForm(request.POST or None)
    step = first_step_of(request.POST)
    if request.method == "POST":
        next_step = read_next_step(step, allow_standing=False)
        if form.is_valid() and isinstance(next_step, NewStep):
            contact = _record(request, case, form, step, next_step)
            if contact is not None:
                messages.success(request, _recorded(case, contact))
                return leave(request, "screens:today")
    return _answer_record(request, case, form, step)


def _recorded(case: Case, contact: Contact) -> str:
    """What was done, and the way back for who stood in the wrong file."""
    responsible = responsible_counsellor(case)
    return format_html(
        'Eingetragen; {} sieht es. <a href="{}">Falsche Akte?</a>',
        responsible.user.full_name if responsible else "die zuständige IFK",
        reverse("casework:contact_withdraw", kwargs={"number": case.number, "pk": contact.pk}),
    )


def _record(request: HttpRequest, case: Case, form: VisitForm, step: PlainForm, next_step: NewStep) -> Contact | None:
    data = form.cleaned_data
    try:
        return actions.conclude_conversation(
            case=case,
            by=user_of(request),
            at=form.at,
            channel=data["channel"],
            participants=[Participant(ParticipantRole.CLIENT)] if data["with_client"] else [],
            text=data["text"],
            next_step=next_step,
            key=data["key"],
        )
    except Refused as refused:
        share_refusal(form, step, refused)
        return None


def _answer_record(request: HttpRequest, case: Case, form: VisitForm, step: PlainForm) -> HttpResponse:
    status = step.status
    if form.errors and status == 200:
        status = 422
    context = {
        "case": case,
        "form": form,
        "step": step,
        "summary": step.summary(),
        "day_url": day_url(case),
        "entries": _entered_today(request, case),
    }
    return render(request, "casework/access_record.html", context, status=status)


def _entered_today(request: HttpRequest, case: Case) -> list[dict[str, Any]]:
    """What the user has entered here today: it can be taken back without reading the file."""
    today = timezone.localdate()
    contacts = Contact.objects.filter(
        case=case, author=user_of(request), withdrawn_at=None, recorded_at__date=today
    ).select_related("channel")
    return [
        {"pk": contact.pk, "at": timezone.localtime(contact.at), "title": contact_title(contact)}
        for contact in contacts.order_by("-recorded_at", "-id")
    ]


@require_http_methods(["GET", "POST"])
@case_view
def access_read(request: HttpRequest, number: str) -> HttpResponse:
    """Read a file for a worded reason, until the end of the day; the responsible IFK sees it."""
    user = user_of(request)
    if Case.objects.readable_by(user).filter(number=number).exists():
        return leave(request, "screens:case_file", number=number)
    case = Case.objects.visible_to(user).select_related("client").filter(number=number).first()
    if case is None:
        case = load_granted(request, number)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            actions.take_access(
                case=case, kind=GrantKind.READ, by=user, request_id=request_id_of(request), **form.cleaned_data
            )
            return leave(request, "screens:case_file", number=number)
    return answer_form(request, "casework/access_read.html", form, {"case": case})


def load_draft(request: HttpRequest, **which: Any) -> Draft:
    """A draft of one's own; those of others are absent."""
    draft = Draft.objects.filter(author=user_of(request), **which).first()
    if draft is None:
        raise absent(request)
    return draft


@require_http_methods(["GET", "POST"])
@case_view
def draft_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a text without a file into the right one, as the draft of a conversation there.

    It came out of a wrong file, or its case has ended or gone to somebody else while it was typed.
    """
    user = user_of(request)
    draft = load_draft(request, pk=pk, form=DraftForm.CONVERSATION)
    # A list first narrowed to what is seen: the question of writing is asked of each case.
    workable = Case.objects.visible_to(user).acted_on_by(user).open()
    if draft.case_id is not None and (own := workable.filter(pk=draft.case_id).first()) is not None:
        return leave(request, "screens:conversation", number=own.number)
    cases = workable.select_related("client").order_by("client__search_family", "client__search_given")
    form = AdoptForm(request.POST or None, cases=cases)
    if request.method == "POST" and form.is_valid():
        case = form.cleaned_data["case"]
        with refusals_into(form):
            actions.adopt_draft(draft=draft, case=case, by=user)
            return leave(request, "screens:conversation", number=case.number)
    text = "".join(draft.payload.get("text", []))
    return answer_form(request, "casework/draft_adopt.html", form, {"draft": draft, "text": text})


@require_http_methods(["GET", "POST"])
@case_view
def draft_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Read what an absent colleague has begun to write, after naming the reason; nothing can be changed here.

    For who stands in, who has the case now, and the lead of the team (domain.md 8). Each look is an event.
    """
    user = user_of(request)
    draft = Draft.objects.filter(pk=pk).select_related("author", "case__client").first()
    if draft is None or not may_read_draft(draft, by=user, day=timezone.localdate()):
        raise absent(request)
    if has_reason_to_read(draft, by=user):
        record_draft_read(draft=draft, by=user, request_id=request_id_of(request))
        context = {"draft": draft, "case": draft.case, "parts": _parts_of(draft)}
        return render(request, "casework/draft_read.html", context)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            word_reason_to_read(draft=draft, by=user, request_id=request_id_of(request), **form.cleaned_data)
            return leave(request, "casework:draft_read", pk=pk)
    return answer_form(request, "casework/draft_reason.html", form, {"draft": draft, "case": draft.case})


def _parts_of(draft: Draft) -> list[dict[str, str]]:
    """What was typed, field by field; what only steers the form has no name and is left out."""
    parts = []
    for name, values in draft.payload.items():
        text = values if isinstance(values, str) else "\n".join(str(value) for value in values)
        label = next((found for label_of in DRAFT_LABELS if (found := label_of(name))), OWN_LABELS.get(name, ""))
        if label and text.strip():
            parts.append({"label": label, "text": text})
    return parts


@require_POST
@case_view
def draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft of one's own away."""
    actions.discard_draft(draft=load_draft(request, pk=pk), by=user_of(request))
    messages.success(request, "Der Entwurf ist verworfen.")
    return leave(request, "screens:today")
