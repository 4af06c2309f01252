"""What is added to a file after the fact, and what is taken out of it because it was the wrong one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from casework import actions
from casework.actions import responsible_team_id
from casework.enums import AccessKind, RoleName
from casework.forms.notes import AddendumForm, FileNoteForm, WithdrawForm
from casework.models import Case, FileNote, FollowUp, User
from casework.permissions import can_withdraw
from casework.views.acting import leave
from casework.views.common import answer_form, case_view, load_case, refusals_into, require, user_of
from casework.views.contacts import load_contact, title_of


def load_entry_page(request: HttpRequest, number: str) -> Case:
    """The case of a page that shows one entry of it."""
    return load_case(request, number, event=AccessKind.ENTRY_OPENED if request.method == "GET" else None)


@require_http_methods(["GET", "POST"])
@case_view
def addendum_create(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Correct or complete an entry; the original stays readable (§ 84 SGB X)."""
    case = load_entry_page(request, number)
    contact = load_contact(case, pk)
    form = AddendumForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            actions.add_addendum(contact=contact, by=user_of(request), **form.cleaned_data)
            messages.success(request, "Der Nachtrag steht beim Eintrag.")
            return leave(request, "casework:contact_detail", number=number, pk=pk)
    context = {"case": case, "contact": contact, "title": title_of(contact)}
    return answer_form(request, "casework/addendum_create.html", form, context)


@require_http_methods(["GET", "POST"])
@case_view
def file_note_create(request: HttpRequest, number: str) -> HttpResponse:
    """A note without a contact, also on an ended case; needs no next step (design.md 7)."""
    case = load_case(request, number, event=None)
    form = FileNoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_into(form):
            actions.add_file_note(case=case, by=user_of(request), **form.cleaned_data)
            messages.success(request, "Die Notiz ist in der Akte.")
            return leave(request, "screens:case_file", number=number)
    return answer_form(request, "casework/file_note_create.html", form, {"case": case})


@require_http_methods(["GET", "POST"])
@case_view
def contact_withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """ "Falsche Akte": the author on the same day, later the team lead; the text goes back to a draft of its author."""
    user = user_of(request)
    case = load_entry_page(request, number)
    contact = load_contact(case, pk)
    allowed = can_withdraw(user, contact, contact.recorded_at, responsible_team_id(case))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST":
        require(request, allowed)
        if form.is_valid():
            with refusals_into(form):
                draft = actions.withdraw_contact(contact=contact, by=user, **form.cleaned_data)
                return _after_withdrawal(request, case, draft.pk, contact.author)
    context = {
        **_who_may(case, allowed),
        "contact": contact,
        "title": title_of(contact),
        "set_count": FollowUp.objects.filter(contact=contact).count(),
        "ended_count": FollowUp.objects.filter(ended_by_contact=contact).count(),
    }
    return answer_form(request, "casework/contact_withdraw.html", form, context)


def _after_withdrawal(request: HttpRequest, case: Case, draft_pk: int, author: User) -> HttpResponse:
    if author.pk == user_of(request).pk:
        messages.success(request, "Zurückgenommen. Der Text liegt hier als Entwurf: In welche Akte gehört er?")
        return leave(request, "casework:draft_adopt", pk=draft_pk)
    messages.success(request, f"Zurückgenommen. Der Text liegt als Entwurf bei {author.full_name}.")
    return leave(request, "screens:case_file", number=case.number)


@require_http_methods(["GET", "POST"])
@case_view
def file_note_withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """ "Falsche Akte" for a desk note."""
    user = user_of(request)
    case = load_entry_page(request, number)
    note = FileNote.objects.filter(case=case, pk=pk).select_related("by", "case").first()
    if note is None:
        raise Http404
    allowed = can_withdraw(user, note, note.at, responsible_team_id(case))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST":
        require(request, allowed)
        if form.is_valid():
            with refusals_into(form):
                actions.withdraw_file_note(note=note, by=user, **form.cleaned_data)
                messages.success(request, "Die Notiz ist zurückgenommen; ein Vermerk bleibt.")
                return leave(request, "screens:case_file", number=number)
    context = {**_who_may(case, allowed), "note": note}
    return answer_form(request, "casework/file_note_withdraw.html", form, context)


def _who_may(case: Case, allowed: bool) -> dict[str, Any]:
    """Whether the user may, and whom to ask otherwise."""
    leads = User.objects.active().filter(
        role_grants__role=RoleName.TEAM_LEAD, role_grants__team_id=responsible_team_id(case)
    )
    names = [] if allowed else [lead.full_name for lead in leads.with_names().distinct()]
    return {"case": case, "allowed": allowed, "leads": " oder ".join(names)}
