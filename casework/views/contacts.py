"""One entry of the Verlauf in full, and what is printed: one entry, or all of it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from casework.enums import AccessKind, ClosingReason, ContactKind
from casework.forms.steps import step_label
from casework.models import Case, Contact, FollowUp, NoteAddendum
from casework.models.timeline import Entry, read_timeline
from casework.views.acting import acts_on, responsible_counsellor
from casework.views.common import absent, case_view, load_case, user_of
from casework.views.wording import contact_title, next_label, text_of, title_of

WHOLE = 100_000  # entries and characters: on paper nothing is cut


def load_contact(request: HttpRequest, case: Case, pk: int) -> Contact:
    """An entry of this case; of another one it is as absent as one that never was."""
    contact = entries_of(case).filter(pk=pk).first()
    if contact is None:
        raise absent(request, case.number)
    contact.case = case
    return contact


def entries_of(case: Case) -> QuerySet[Contact]:
    """The contacts of a case with what a page says about each."""
    return Contact.objects.filter(case=case).select_related(
        "channel", "author", "follow_up", "closure", "withdrawn_by", "replaces"
    )


@require_GET
@case_view
def contact_detail(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The whole entry with its addenda, and what it set and ended."""
    case = load_case(request, number, event=AccessKind.ENTRY_OPENED)
    contact = load_contact(request, case, pk)
    may_write = acts_on(user_of(request), case)
    late_url = _late_url(case, contact) if may_write else ""
    context = {"case": case, **entry_of(contact), "may_write": may_write, "late_url": late_url}
    return render(request, "casework/contact_detail.html", context)


def _late_url(case: Case, contact: Contact) -> str:
    """ "später erschienen": the same day, once, for an appointment that did not take place."""
    possible = (
        contact.kind == ContactKind.MISSED
        and contact.withdrawn_at is None
        and timezone.localdate(contact.recorded_at) == timezone.localdate()
        and case.is_open
        and not Contact.objects.filter(replaces=contact).exists()
    )
    return f"{reverse('screens:conversation', kwargs={'number': case.number})}?spaeter={contact.pk}" if possible else ""


def entry_of(contact: Contact) -> dict[str, Any]:
    """An entry in words, for screen and paper."""
    ended = [] if contact.closure_id else [step_label(step) for step in _steps(ended_by_contact=contact)]
    set_by_it = [step_label(step) for step in _steps(contact=contact)]
    confirmed = contact.follow_up if contact.follow_up and contact.follow_up.contact_id != contact.pk else None
    withdrawn = contact.withdrawn_at is not None
    return {
        "contact": contact,
        "title": contact_title(contact),
        "withdrawn": withdrawn,
        "late_entry": timezone.localdate(contact.recorded_at) > timezone.localdate(contact.at),
        "people": [] if withdrawn else list(contact.participants.order_by("id")),
        "addenda": [] if withdrawn else list(contact.addenda.select_related("by").order_by("at", "id")),
        "set_by_it": set_by_it,
        "confirmed": step_label(confirmed) if confirmed else "",
        "ended_by_it": ended,
        "closing": ClosingReason(contact.closure.reason).label if contact.closure else "",
        "replaced_by": Contact.objects.filter(replaces=contact).values_list("pk", flat=True).first(),
    }


def _steps(**how: Any) -> list[FollowUp]:
    return list(FollowUp.objects.filter(**how).in_order())


def paper(request: HttpRequest, case: Case) -> dict[str, Any]:
    """What every print of a case carries: whose it is, who printed it and when."""
    user = user_of(request)
    responsible = responsible_counsellor(case)
    return {
        "case": case,
        "responsible": responsible.user.full_name if responsible else "",
        "organisation": user.organisation.name,
        "printed_by": user.full_name,
        "printed_at": f"{timezone.localtime():%d.%m.%Y, %H:%M}",
    }


@require_GET
@case_view
def contact_print(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One entry for paper."""
    case = load_case(request, number, event=AccessKind.PRINTED)
    contact = load_contact(request, case, pk)
    return render(request, "print/contact.html", {**paper(request, case), **entry_of(contact)})


@require_GET
@case_view
def timeline_print(request: HttpRequest, number: str) -> HttpResponse:
    """The whole Verlauf for paper, newest first, nothing cut."""
    case = load_case(request, number, event=AccessKind.PRINTED)
    addenda: dict[int, list[NoteAddendum]] = {}
    for addendum in NoteAddendum.objects.filter(case=case).select_related("by").order_by("at", "id"):
        addenda.setdefault(addendum.contact_id, []).append(addendum)
    entries = [
        _line(entry, addenda.get(entry.pk, []) if entry.kind == "contact" else [])
        for entry in read_timeline(case.pk, limit=WHOLE, text_length=WHOLE)
    ]
    return render(request, "print/timeline.html", {**paper(request, case), "entries": entries})


def _line(entry: Entry, addenda: list[NoteAddendum]) -> dict[str, Any]:
    return {
        "at": timezone.localtime(entry.at),
        "title": title_of(entry),
        "author": entry.author,
        "text": text_of(entry),
        "withdrawn": entry.withdrawn and entry.kind in ("contact", "note"),
        "addenda": [] if entry.withdrawn else addenda,
        "next": next_label(entry),
    }
