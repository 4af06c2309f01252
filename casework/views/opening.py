"""Opening a case: client, responsible IFK and first next step in one go; nothing else is asked (R3.3-2)."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casework import actions
from casework.actions import NewStep, Refused
from casework.enums import AccessKind, DraftForm
from casework.forms.opening import OpeningForm, first_step_of
from casework.forms.people import PersonFields
from casework.forms.steps import PlainForm, read_next_step
from casework.models import Case, Draft, User
from casework.permissions import can_open_case
from casework.views.acting import request_id_of, to_file
from casework.views.common import case_view, require, user_of
from casework.views.days import chosen_id
from jobcenter.platform.context import Purpose, widened

LOOK_FIRST = "Bitte sehen Sie zuerst nach, ob es dieselbe Person ist."


@dataclass
class Known:
    """Cases of the organisation that may be about the same person."""

    own: list[dict[str, Any]]
    elsewhere: bool


@require_http_methods(["GET", "POST"])
@case_view
def case_open(request: HttpRequest) -> HttpResponse:
    """The form, its draft, and the opening."""
    user = user_of(request)
    require(request, can_open_case(user))
    if request.method == "GET":
        draft = _draft_of(user, str(request.GET.get("entwurf") or ""))
        form = OpeningForm(user=user, initial=_initial(draft))
        step = first_step_of({name: values[0] for name, values in draft.payload.items() if values} if draft else {})
        return _answer(request, form, step, draft=draft)
    form = OpeningForm(request.POST, user=user)
    step = first_step_of(request.POST)
    step.counsellor_id = chosen_id(user, form)
    first_step = read_next_step(step, allow_standing=False)
    known = known_people(request, form)
    if known and not form.cleaned_data.get("other_person"):
        form.add_error("other_person", LOOK_FIRST)
    if form.is_valid() and isinstance(first_step, NewStep) and not step.errors:
        case = _open(form, step, first_step, user)
        if case is not None:
            messages.success(request, f"Der Fall {case.number} ist eröffnet, der erste nächste Schritt steht.")
            return to_file(request, case)
    return _answer(request, form, step, known=known)


def _open(form: OpeningForm, step: PlainForm, first_step: NewStep, user: User) -> Case | None:
    data = form.cleaned_data
    if (earlier := _opened_before(form, user)) is not None:
        form.add_error(
            None,
            f"Mit diesem Formular ist schon der Fall {earlier.number} eröffnet. "
            "Geht es um eine andere Person, senden Sie es bitte noch einmal ab.",
        )
        form.renew_key()
        return None
    try:
        case = actions.open_case(
            client=form.person(), counsellor=data["counsellor"], first_step=first_step, by=user, key=data["key"]
        )
    except Refused as refused:
        share_refusal(form, step, refused)
        return None
    for draft in Draft.objects.filter(author=user, form=DraftForm.CASE_OPENING, key=data["key"]):
        actions.discard_draft(draft=draft, by=user)
    return case


@widened(Purpose.LOOK_UP)
def _opened_before(form: OpeningForm, user: User) -> Case | None:
    """A case that this form has opened for somebody else: one went back in the browser and typed anew."""
    data = form.cleaned_data
    earlier = Case.objects.filter(opening_key=data["key"], opened_by=user).select_related("client").first()
    if earlier is None:
        return None
    same = all(getattr(earlier.client, name) == data[name] for name in ("family_name", "given_name", "birth_date"))
    return None if same else earlier


def share_refusal(form: Any, step: PlainForm, refused: Refused) -> None:
    """Put what an action refused beside its field, whichever half of the page it is in."""
    if refused.field in form.fields:
        form.add_error(refused.field, refused.message)
    else:
        step.refuse(refused)


@widened(Purpose.LOOK_UP)
def known_people(request: HttpRequest, form: PersonFields) -> Known | None:
    """Whoever has the same birth date and a similar name. What the user does not work on is not described at all."""
    form.is_valid()
    data = form.cleaned_data
    if not (data.get("family_name") and data.get("given_name") and data.get("birth_date")):
        return None
    user = user_of(request)
    name = f"{data['given_name']} {data['family_name']}"
    cases = Case.objects.filter(
        organisation_id=user.organisation_id, is_restricted=False, client__birth_date=data["birth_date"]
    )
    if data.get("key"):
        cases = cases.exclude(opening_key=data["key"])  # this very form, sent once more
    hits = list(cases.matching(name).select_related("client").order_by("-opened_at")[:20])
    if not hits:
        return None
    ids = [case.pk for case in hits]
    actions.record_access(AccessKind.SEARCHED, user_id=user.pk, ids=ids, request_id=request_id_of(request))
    own = set(Case.objects.acted_on_by(user).filter(pk__in=ids).values_list("pk", flat=True))
    latest: dict[int, Case] = {}  # of each person: an ended case of one's own leads nowhere when another is open
    for case in hits:
        latest.setdefault(case.client_id, case)
    return Known(
        own=[_line(case) for case in latest.values() if case.pk in own],
        elsewhere=any(case.pk not in own for case in latest.values()),
    )


def _line(case: Case) -> dict[str, Any]:
    address = "screens:case_file" if case.is_open else "casework:case_resume"
    return {
        "name": case.client.list_name,
        "number": case.number,
        "is_open": case.is_open,
        "url": reverse(address, kwargs={"number": case.number}),
    }


def _draft_of(user: User, pk: str) -> Draft | None:
    if not (pk.isdigit() and len(pk) < 18):
        return None
    return Draft.objects.filter(author=user, form=DraftForm.CASE_OPENING, pk=int(pk)).first()


def _initial(draft: Draft | None) -> dict[str, Any]:
    if draft is None:
        return {}
    typed = {name: values[0] for name, values in draft.payload.items() if values}
    return {**typed, "key": draft.key, "revision": draft.revision}


def _answer(
    request: HttpRequest,
    form: OpeningForm,
    step: PlainForm,
    *,
    draft: Draft | None = None,
    known: Known | None = None,
) -> HttpResponse:
    status = 200
    if form.is_bound and (form.errors or step.errors):
        status = 409 if step.conflict else 422
    context = {
        "form": form,
        "step": step,
        "summary": step.summary(),
        "known": known,
        "window": uuid.uuid4().hex,
        "draft": draft,
        "draft_label": f"Entwurf von {timezone.localtime(draft.updated_at):%H:%M}" if draft else "",
        "draft_url": reverse("screens:draft_save_opening"),
        "day_url": reverse("casework:day_check"),
    }
    return render(request, "casework/case_open.html", context, status=status)
