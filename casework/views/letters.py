"""Briefe: what is still to be sent, printed in one go; and the letters of a case as they were printed."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from casework.actions import Refused, record_access
from casework.actions.letters import (
    mark_letters_sent,
    withdraw_letters,
    write_appointment_letter,
    write_new_counsellor_letter,
)
from casework.enums import AccessKind, FollowUpKind
from casework.models import Case, FollowUp, FollowUpChange, Letter, User
from casework.views.acting import acts_on, leave, load_to_write, request_id_of, responsible_counsellor
from casework.views.common import absent, case_view, load_case, user_of
from jobcenter.platform.numbers import read_number
from jobcenter.platform.workdays import day_label

MOST_LETTERS = 200
VIEWER_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


# --- what is to be sent ---


@require_GET
@case_view
def letter_list(request: HttpRequest) -> HttpResponse:
    """The own letters that are neither sent nor taken back."""
    return _list(request)


def _list(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    found = list(_waiting(user_of(request))[:MOST_LETTERS])
    context = {
        "rows": [_row(letter) for letter in found],
        "all_chosen": "alle" in request.GET,
        "errors": [{"id": f"id_brief{found[0].pk}" if found else "", "text": error}] if error else [],
    }
    return render(request, "casework/letter_list.html", context, status=status)


def _waiting(user: User) -> QuerySet[Letter]:
    letters = Letter.objects.filter(created_by=user, sent_at=None, withdrawn_at=None)
    return _with_rows(letters.filter(case__in=Case.objects.visible_to(user))).order_by("created_at", "pk")


def _with_rows(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """What a line shows, without the bytes: a constant number of statements."""
    changes = FollowUpChange.objects.filter(follow_up=OuterRef("follow_up"), at__gt=OuterRef("created_at"))
    return letters.select_related("case__client", "follow_up").annotate(step_changed=Exists(changes)).defer("pdf")


def _row(letter: Letter) -> dict[str, Any]:
    created = timezone.localtime(letter.created_at)
    step = letter.follow_up
    about = ""
    if step is not None and step.starts_at is not None:
        about = f"{day_label(step.due_on)} {timezone.localtime(step.starts_at):%H:%M}"
    return {
        "id": letter.pk,
        "kind": letter.get_kind_display(),
        "name": letter.case.client.list_name,
        "number": letter.case.number,
        "written": f"{created:%d.%m.%Y %H:%M}",
        "about": about,
        # Moved or ended since it was written: the letter says what no longer holds.
        "outdated": step is not None and (step.ended_at is not None or letter.step_changed),  # type: ignore[attr-defined]
        "pdf_url": reverse("casework:letter_pdf", args=[letter.case.number, letter.pk]),
        "archive_url": reverse("casework:letter_archive", args=[letter.case.number]),
    }


def _ticked(request: HttpRequest) -> list[Letter]:
    """The ticked letters as far as they are the user's and still wait."""
    numbers = [read_number(text, biggest=2**62) for text in request.POST.getlist("brief")[:MOST_LETTERS]]
    return list(_waiting(user_of(request)).filter(pk__in=[number for number in numbers if number]))


def _none_ticked(request: HttpRequest) -> HttpResponse:
    return _list(request, error="Bitte wählen Sie mindestens einen Brief.", status=422)


@require_POST
@case_view
def letter_print(request: HttpRequest) -> HttpResponse:
    """The ticked letters as one file; each print of a letter stands in the evidence of its case."""
    from casework.paper.together import one_file  # memory that only a process that prints should hold

    letters = _ticked(request)
    if not letters:
        return _none_ticked(request)
    for letter in letters:
        _note_print(request, letter)
    pdfs = Letter.objects.in_bulk([letter.pk for letter in letters])
    return _pdf(one_file(bytes(pdfs[letter.pk].pdf) for letter in letters), "Briefe.pdf")


@require_POST
@case_view
def letter_sent(request: HttpRequest) -> HttpResponse:
    """ "Als verschickt eintragen"."""
    letters = _ticked(request)
    if not letters:
        return _none_ticked(request)
    count = mark_letters_sent(letters=letters, by=user_of(request))
    messages.success(request, f"{_letters(count)} als verschickt eingetragen.")
    return leave(request, "casework:letter_list")


@require_POST
@case_view
def letter_not_sent(request: HttpRequest) -> HttpResponse:
    """ "Nicht verschickt": the archive keeps the letter and says so."""
    letters = _ticked(request)
    if not letters:
        return _none_ticked(request)
    count = withdraw_letters(letters=letters, by=user_of(request))
    messages.success(request, f"{_letters(count)} als nicht verschickt eingetragen.")
    return leave(request, "casework:letter_list")


def _letters(count: int) -> str:
    return "1 Brief" if count == 1 else f"{count} Briefe"


# --- the letters of a case ---


@require_GET
@case_view
def letter_archive(request: HttpRequest, number: str) -> HttpResponse:
    """Every letter of the case, newest first, and what can be written now."""
    case = load_case(request, number)
    return _archive(request, case)


def _archive(request: HttpRequest, case: Case, error: str = "", status: int = 200) -> HttpResponse:
    user = user_of(request)
    found = _with_rows(Letter.objects.filter(case=case)).order_by("-created_at", "-pk")
    letters = found.select_related("created_by", "sent_by", "withdrawn_by", "case__client", "follow_up")[:MOST_LETTERS]
    may_write = case.is_open and acts_on(user, case)
    context = {
        "case": case,
        "rows": [{**_row(letter), "by": letter.created_by.full_name, "state": _state(letter)} for letter in letters],
        "steps": _to_confirm(case) if may_write else [],
        "may_write": may_write,
        "responsible": _responsible_name(case) if may_write else "",
        "errors": [{"id": "", "text": error}] if error else [],
    }
    return render(request, "casework/letter_archive.html", context, status=status)


def _responsible_name(case: Case) -> str:
    counsellor = responsible_counsellor(case)
    return counsellor.user.full_name if counsellor else ""


def _to_confirm(case: Case) -> list[dict[str, Any]]:
    """Open appointments still to come."""
    steps = FollowUp.objects.open().filter(case=case, kind=FollowUpKind.APPOINTMENT, starts_at__gt=timezone.now())
    return [
        {
            "id": step.pk,
            "label": f"{day_label(step.due_on)} {timezone.localtime(step.starts_at):%H:%M}",
            "subject": step.subject,
        }
        for step in steps.in_order()
        if step.starts_at
    ]


def _state(letter: Letter) -> str:
    if letter.sent_at and letter.sent_by:
        return f"verschickt am {timezone.localtime(letter.sent_at):%d.%m.%Y}, {letter.sent_by.full_name}"
    if letter.withdrawn_at and letter.withdrawn_by:
        at = timezone.localtime(letter.withdrawn_at)
        return f"nicht verschickt, {at:%d.%m.%Y}, {letter.withdrawn_by.full_name}"
    return "noch nicht verschickt"


@require_POST
@case_view
def letter_create(request: HttpRequest, number: str) -> HttpResponse:
    """Write the letter for an appointment (`schritt`), or the one with the name of the responsible IFK."""
    case = load_to_write(request, number)
    user = user_of(request)
    try:
        if "schritt" in request.POST:
            step = _step(request, case)
            write_appointment_letter(follow_up=step, by=user)
        else:
            counsellor = responsible_counsellor(case)
            if counsellor is None:
                raise absent(request, number)
            write_new_counsellor_letter(case=case, counsellor=counsellor, by=user)
    except Refused as refused:
        return _archive(request, case, error=refused.message, status=422)
    messages.success(request, "Brief geschrieben. Er steht unter „Briefe“ zum Drucken bereit.")
    return leave(request, "casework:letter_archive", number=case.number)


def _step(request: HttpRequest, case: Case) -> FollowUp:
    wanted = read_number(request.POST.get("schritt"), biggest=2**62)
    step = FollowUp.objects.filter(case=case, pk=wanted or 0).select_related("case").first()
    if step is None:
        raise absent(request, case.number)
    return step


@require_GET
@case_view
def letter_pdf(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The letter as it was printed; the look is a print in the evidence."""
    case = load_case(request, number, event=None)
    letter = Letter.objects.filter(case=case, pk=pk).first()
    if letter is None:
        raise absent(request, number)
    _note_print(request, letter)
    return _pdf(bytes(letter.pdf), "Brief.pdf")


def _note_print(request: HttpRequest, letter: Letter) -> None:
    record_access(
        AccessKind.PRINTED,
        user_id=user_of(request).pk,
        case_id=letter.case_id,
        ids=[letter.pk],
        request_id=request_id_of(request),
    )


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Content-Security-Policy"] = VIEWER_POLICY
    return response
