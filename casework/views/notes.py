"""What is added to a file after the fact, and what is taken out of it because it was the wrong one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casework import actions
from casework.actions import responsible_team_id
from casework.enums import AccessKind, RoleName
from casework.forms.notes import AddendumForm, FileNoteForm, WithdrawForm
from casework.models import Case, Contact, Draft, FileNote, FollowUp, User
from casework.permissions import can_withdraw
from casework.views.acting import granted_case, leave, request_id_of
from casework.views.common import absent, answer_form, case_view, load_case, refusals_into, require, user_of
from casework.views.contacts import entries_of, load_contact
from casework.views.wording import contact_title
from jobcenter.platform.context import Purpose, widened


def load_entry_page(request: HttpRequest, number: str, *, write: bool = False) -> Case:
    """The case of a page that shows one entry of it."""
    event = AccessKind.ENTRY_OPENED if request.method == "GET" else None
    return load_case(request, number, event=event, write=write)


def load_own_entry(request: HttpRequest, number: str, pk: int) -> Contact | None:
    """An entry that the user made at the counter today; of the file nothing else is shown (design.md 7)."""
    user = user_of(request)
    case = granted_case(user, number)
    if case is None or Case.objects.readable_by(user).filter(pk=case.pk).exists():
        return None
    contact = entries_of(case).filter(pk=pk, author=user, recorded_at__date=timezone.localdate()).first()
    if contact is None:
        return None
    contact.case = case
    if request.method == "GET":
        actions.record_access(
            AccessKind.ENTRY_OPENED, user_id=user.pk, case_id=case.pk, request_id=request_id_of(request)
        )
    return contact


@require_http_methods(["GET", "POST"])
@case_view
def addendum_create(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Correct or complete an entry; the original stays readable (§ 84 SGB X)."""
    case = load_entry_page(request, number, write=True)
    contact = load_contact(request, case, pk)
    form = AddendumForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            actions.add_addendum(contact=contact, by=user_of(request), **form.cleaned_data)
            messages.success(request, "Der Nachtrag steht beim Eintrag.")
            return leave(request, "casework:contact_detail", number=number, pk=pk)
    context = {"case": case, "contact": contact, "title": contact_title(contact)}
    return answer_form(request, "casework/addendum_create.html", form, context)


@require_http_methods(["GET", "POST"])
@case_view
def file_note_create(request: HttpRequest, number: str) -> HttpResponse:
    """A note without a contact, also on an ended case; needs no next step (design.md 7)."""
    case = load_case(request, number, event=None, write=True)
    form = FileNoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            actions.add_file_note(case=case, by=user_of(request), **form.cleaned_data)
            messages.success(request, "Die Notiz ist in der Akte.")
            return leave(request, "screens:case_file", number=number)
    return answer_form(request, "casework/file_note_create.html", form, {"case": case})


@require_http_methods(["GET", "POST"])
@case_view
@widened(Purpose.RECORD_FOR)
def contact_withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """ "Falsche Akte": the author on the same day, later the team lead; the text goes back to a draft of its author."""
    user = user_of(request)
    own = load_own_entry(request, number, pk)
    case = own.case if own else load_entry_page(request, number)
    contact = own or load_contact(request, case, pk)
    allowed = can_withdraw(user, contact, contact.recorded_at, responsible_team_id(case))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST":
        require(request, allowed)
        if form.is_valid():
            with refusals_into(form):
                draft = actions.withdraw_contact(contact=contact, by=user, **form.cleaned_data)
                return _after_withdrawal(request, case, draft)
    context = {
        **_who_may(case, allowed),
        "contact": contact,
        "title": contact_title(contact),
        "at_counter": own is not None,
        "set_count": FollowUp.objects.filter(contact=contact).count(),
        "ended_count": FollowUp.objects.filter(ended_by_contact=contact).count(),
    }
    return answer_form(request, "casework/contact_withdraw.html", form, context)


def _after_withdrawal(request: HttpRequest, case: Case, draft: Draft) -> HttpResponse:
    if draft.author_id == user_of(request).pk:
        messages.success(request, "Zurückgenommen. Der Text liegt hier als Entwurf: In welche Akte gehört er?")
        return leave(request, "casework:draft_adopt", pk=draft.pk)
    messages.success(request, f"Zurückgenommen. Der Text liegt als Entwurf bei {draft.author.full_name}.")
    return leave(request, "screens:case_file", number=case.number)


@require_http_methods(["GET", "POST"])
@case_view
@widened(Purpose.RECORD_FOR)
def file_note_withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """ "Falsche Akte" for a desk note; its text too goes back to a draft of its author."""
    user = user_of(request)
    case = load_entry_page(request, number)
    note = FileNote.objects.filter(case=case, pk=pk).select_related("by", "case").first()
    if note is None:
        raise absent(request, number)
    allowed = can_withdraw(user, note, note.at, responsible_team_id(case))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST":
        require(request, allowed)
        if form.is_valid():
            with refusals_into(form):
                draft = actions.withdraw_file_note(note=note, by=user, **form.cleaned_data)
                return _after_withdrawal(request, case, draft)
    context = {**_who_may(case, allowed), "note": note}
    return answer_form(request, "casework/file_note_withdraw.html", form, context)


def _who_may(case: Case, allowed: bool) -> dict[str, Any]:
    """Whether the user may, and whom to ask otherwise."""
    leads = User.objects.active().filter(
        role_grants__role=RoleName.TEAM_LEAD, role_grants__team_id=responsible_team_id(case)
    )
    names = [] if allowed else [lead.full_name for lead in leads.with_names().distinct()]
    return {"case": case, "allowed": allowed, "leads": " oder ".join(names)}
