"""Gemeinsam ansehen: the agreement on the shared screen, large, with nothing beside it that concerns anybody else.

What is worded here together goes into the draft of the conversation; it is concluded there, with everything else.
"""

import re
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from agreements.enums import Outcome
from agreements.forms.talk import prefill
from agreements.models.state import read_state
from agreements.views.wording import due_label, local_day, owner_label
from casework import actions
from casework.actions import DraftConflict
from casework.enums import AccessKind, DraftForm
from casework.forms.steps import PlainForm
from casework.models import Case, Draft, FollowUp
from casework.views.common import case_view, load_case, user_of
from casework.views.days import day_url
from jobcenter.platform.workdays import day_label
from jobcenter.screens.agreed import agreement_section
from jobcenter.screens.conversation import leave
from jobcenter.screens.drafts import conflict_page, key_of, payload_of, revision_of, saved
from offers.models.description import plain
from offers.models.file import read_choices

WORDED_HERE = re.compile(r"^(ag_|as[0-9]{1,2}_|agreement$)")


@require_http_methods(["GET", "POST"])
@case_view
def shared_view(request: HttpRequest, number: str) -> HttpResponse:
    """The agreement for two: to read, and to word while a conversation is open."""
    posting = request.method == "POST"
    event = AccessKind.ENTRY_OPENED if posting else AccessKind.FILE_OPENED
    case = load_case(request, number, event=event, write=posting)
    draft = draft_of(request, case)
    if posting and request.POST.get("start"):
        begin(request, case, draft)
        return redirect("screens:shared_view", number=number)
    if posting:
        return save_and_return(request, case, draft)
    if draft is not None and draft.payload.get("agreement") == ["new"] and case.is_open:
        return wording_page(request, case, draft)
    return reading_page(request, case)


def draft_of(request: HttpRequest, case: Case) -> Draft | None:
    return Draft.objects.filter(author=user_of(request), case=case, form=DraftForm.CONVERSATION).first()


def begin(request: HttpRequest, case: Case, draft: Draft | None) -> None:
    """Open the wording: a draft of a conversation that goes on from the current version."""
    now = timezone.localtime()
    payload: dict[str, list[str]] = {
        "with_client": ["on"],
        "channel": ["in_person"],
        "at_date": [f"{now:%d.%m.%Y}"],
        "at_time": [f"{now:%H:%M}"],
    }
    payload |= draft.payload if draft else {}
    if "ag_base" not in payload:
        payload |= prefill(read_state(case.pk))
    payload |= {"agreement": ["new"], "window": [uuid.uuid4().hex]}
    store(request, case, payload, draft.revision if draft else 0, draft.key if draft else uuid.uuid4())


def store(request: HttpRequest, case: Case, payload: dict[str, Any], revision: int, key: uuid.UUID) -> int:
    """Save the draft of the conversation; raises DraftConflict."""
    return actions.save_draft(
        form=DraftForm.CONVERSATION, case=case, key=key, revision=revision, payload=payload, by=user_of(request)
    )


def merged(request: HttpRequest, draft: Draft | None) -> dict[str, list[str]]:
    """The whole draft, with what this page words in place of what stood there."""
    posted = payload_of(request.POST)
    kept = {name: values for name, values in (draft.payload if draft else {}).items() if not WORDED_HERE.match(name)}
    here = {name: values for name, values in posted.items() if WORDED_HERE.match(name)}
    return {**kept, **here, "agreement": ["new"], "window": posted.get("window", [""])}


def save_and_return(request: HttpRequest, case: Case, draft: Draft | None) -> HttpResponse:
    """ "Zurück zum Gespräch": saved, and on to the form that concludes."""
    try:
        store(request, case, merged(request, draft), revision_of(request.POST), key_of(request.POST))
    except DraftConflict as conflict:
        return conflict_page(request, conflict.standing, request.path)
    return leave(request, reverse("screens:conversation", kwargs={"number": case.number}) + "#vereinbarung")


@require_POST
@case_view
def shared_draft_save(request: HttpRequest, number: str) -> HttpResponse:
    """The draft, saved while two people word it; shows nothing of the file, so it is no access event."""
    case = load_case(request, number, event=None, write=True)
    draft = draft_of(request, case)
    try:
        revision = store(request, case, merged(request, draft), revision_of(request.POST), key_of(request.POST))
    except DraftConflict as conflict:
        return conflict_page(request, conflict.standing, f"/faelle/{number}/gemeinsam/")
    return saved(revision)


def wording_page(request: HttpRequest, case: Case, draft: Draft) -> HttpResponse:
    state = read_state(case.pk)
    form = PlainForm({})
    steps = list(FollowUp.objects.open().filter(case=case).in_order())
    context = {
        "person": case.client.full_name,
        "page_url": f"/faelle/{case.number}/gemeinsam/",
        "draft_url": f"/faelle/{case.number}/gemeinsam/entwurf/",
        "talk_url": f"/faelle/{case.number}/gespraech/",
        "day_url": day_url(case),
        "key": str(draft.key),
        "revision": draft.revision,
        "window": uuid.uuid4().hex,
        "agreement": agreement_section(form, draft.payload, state, [], steps),
    }
    return render(request, "screens/shared_wording.html", context)


def reading_page(request: HttpRequest, case: Case) -> HttpResponse:
    state = read_state(case.pk)
    agreement = None
    person = case.client.full_name
    if state.agreement:
        review = FollowUp.objects.filter(case=case, pk=state.review_id).first() if state.review_id else None
        groups: dict[str, list[dict[str, str]]] = {}
        for step in state.steps:
            who = owner_label(step["owner"], step["owner_name"], person).replace("Jobcenter", "das Jobcenter")
            outcome = step["outcome"]
            groups.setdefault(who, []).append(
                {
                    "text": step["text"],
                    "due": due_label(step["due_on"]),
                    "outcome": read_outcome(outcome),
                }
            )
        agreement = {
            "goal": state.agreement["goal"],
            "employment_link": state.agreement["employment_link"],
            "version": f"{state.agreement['number']}. Fassung vom {local_day(state.agreement['at'])}",
            "groups": [{"who": who, "steps": steps} for who, steps in groups.items()],
            "resources": [row["text"] for row in state.resources if row["used"]],
            "rhythm": state.agreement["rhythm"],
            "review": day_label(review.due_on) if review else "",
        }
    may_write = case.is_open and Case.objects.acted_on_by(user_of(request)).filter(pk=case.pk).exists()
    context = {
        "person": person,
        "file_url": f"/faelle/{case.number}/",
        "page_url": f"/faelle/{case.number}/gemeinsam/",
        "agreement": agreement,
        "offers": chosen_offers(case),
        "may_write": may_write,
    }
    return render(request, "screens/shared.html", context)


def chosen_offers(case: Case) -> list[dict[str, str]]:
    """What the person uses now, and why they chose it (R4.4-8)."""
    return [
        {"name": plain(choice.name), "intent": choice.intent}
        for choice in read_choices(case.pk)
        if choice.ended_at is None
    ]


def read_outcome(outcome: dict[str, str] | None) -> str:
    if not outcome:
        return ""
    label = str(Outcome(outcome["outcome"]).label)
    return f"{label}: {outcome['text']}" if outcome["text"] else label
