"""The draft of a form, saved while somebody types (design.md 3)."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from agreements.forms.talk import ROW
from casework import actions
from casework.actions import DraftConflict
from casework.enums import DraftForm
from casework.forms.steps import clean
from casework.models import Case, Draft
from casework.views.common import case_view, user_of
from casework.views.evidence import note_refusal
from jobcenter.platform.numbers import read_number
from offers.forms.talk import NEVER_KEPT

# A Bedarf is stored beside no person, case, counsellor or moment (R4.4-7), so not in a draft either: one sentence.
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "key", "revision", "later", "shared", "demand", *NEVER_KEPT})
LABELS = {
    "text": "Besprochenes",
    "next_subject": "Worum geht es dann?",
    "next_date": "Wann?",
    "next_time": "Uhrzeit",
    "channel": "Wie fand es statt?",
    "will_life": "Was kann sich die Person für ihr Leben vorstellen?",
    "will_text": "Was will sie in Richtung Arbeit oder Ausbildung?",
    "will_activity": "Was tut die Person dafür schon von sich aus?",
    "ag_goal": "Ziel in eigenen Worten",
    "ag_link": "Was hat das mit Arbeit oder Ausbildung zu tun?",
    "ag_rhythm": "Taktung",
    "family_name": "Familienname",
    "given_name": "Vorname",
}


def payload_of(data: QueryDict) -> dict[str, list[str]]:
    """The whole form as it stands, however incomplete."""
    return {name: [clean(value) for value in values] for name, values in data.lists() if name not in NOT_KEPT}


def key_of(data: QueryDict) -> uuid.UUID:
    """The key of the submission that this form will once be; a broken one is replaced."""
    try:
        return uuid.UUID(str(data.get("key", "")))
    except ValueError:
        return uuid.uuid4()


def revision_of(data: QueryDict) -> int:
    return read_number(data.get("revision"), biggest=10**9) or 0


def store_draft(request: HttpRequest, form: DraftForm, case: Case | None) -> int:
    """Save and return the new revision; raises DraftConflict."""
    return actions.save_draft(
        form=form,
        case=case,
        key=key_of(request.POST),
        revision=revision_of(request.POST),
        payload=payload_of(request.POST),
        by=user_of(request),
    )


def save_draft_view(request: HttpRequest, form: DraftForm, case: Case | None, reload_url: str) -> HttpResponse:
    """204 with the new revision, or 409 with both texts."""
    try:
        revision = store_draft(request, form, case)
    except DraftConflict as conflict:
        return conflict_page(request, conflict.standing, reload_url)
    return saved(revision)


def saved(revision: int) -> HttpResponse:
    response = HttpResponse(status=204)
    response["X-Draft-Revision"] = str(revision)
    return response


def conflict_page(request: HttpRequest, standing: Draft | None, reload_url: str) -> HttpResponse:
    """The answer to a save from an older window."""
    context = conflict_context(request, standing, reload_url)
    return render(request, "screens/parts/draft_conflict.html", context, status=409)


def conflict_context(request: HttpRequest, standing: Draft | None, reload_url: str) -> dict[str, Any]:
    return {
        "revision": standing.revision if standing else 0,
        "other_label": (
            f"{timezone.localtime(standing.updated_at):%H:%M} in einem anderen Fenster"
            if standing
            else "einem anderen Fenster, in dem schon abgeschlossen oder verworfen wurde"
        ),
        "differences": differences(payload_of(request.POST), standing.payload if standing else {}),
        "reload_url": reload_url,
    }


def label_of(name: str) -> str:
    """What a field of a draft is called where two drafts are compared; empty for what only steers the form."""
    if match := ROW.match(name):
        return f"{'Ressource' if match[1] == 'res' else 'Schritt'} {match[2]}"
    if name.startswith("of") and name.endswith("_intent"):
        return "Absicht"
    return LABELS.get(name, "")


def differences(mine: dict[str, list[str]], other: dict[str, list[str]]) -> list[dict[str, str]]:
    """The fields that differ, in both versions."""
    names = [name for name in {**mine, **other} if label_of(name) and mine.get(name) != other.get(name)]
    return [
        {
            "label": label_of(name),
            "mine": "\n".join(mine.get(name, [])),
            "other": "\n".join(other.get(name, [])),
        }
        for name in names
    ]


@require_POST
@case_view
def draft_save(request: HttpRequest, number: str) -> HttpResponse:
    """The draft of a conversation in a case. Shows nothing of the file, so it is no access event.

    A case that ended or went to somebody else meanwhile, or never was, is answered alike: the text is kept, and Heute
    offers it as a text without a file.
    """
    user = user_of(request)
    case = Case.objects.acted_on_by(user).open().filter(number=number).first()
    if case is None:
        note_refusal(request, number)
        revision = actions.keep_without_case(key=key_of(request.POST), payload=payload_of(request.POST), by=user)
        return saved(revision)
    return save_draft_view(request, DraftForm.CONVERSATION, case, f"/faelle/{number}/gespraech/")


@require_POST
@case_view
def draft_save_opening(request: HttpRequest) -> HttpResponse:
    """The draft of a case that is being opened; it belongs to no case yet."""
    return save_draft_view(request, DraftForm.CASE_OPENING, None, "/faelle/neu/")
