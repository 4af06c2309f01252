"""The evidence of one case, for the data protection officer: who looked and who changed something, and no content."""

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casework.actions import record_access
from casework.enums import AccessKind
from casework.forms.privacy import CaseNumberForm
from casework.models import Case, User
from casework.permissions import can_read_evidence
from casework.views.acting import request_id_of
from casework.views.common import answer_form, require, user_of
from casework.views.evidence import note_refusal
from jobcenter.platform.context import Purpose, widened
from jobcenter.platform.statements import read

PAGE = 50
LAST_PAGE = 10_000
OPERATIONS = {"insert": "angelegt", "update": "geändert", "delete": "gelöscht"}
# Looks and changes of one case in one list; a change names its table and how many of its fields, never what they held.
EVENTS = """
(SELECT e.at, e.user_id, e.kind, '' AS relation, cardinality(e.ids), e.request_id::text, e.id
   FROM casework_accessevent AS e
  WHERE e.case_id = %(case)s OR (e.case_id IS NULL AND e.ids @> ARRAY[%(case)s::bigint]))
UNION ALL
(SELECT e.at, e.user_id, e.operation, e.relation, cardinality(e.fields), e.request_id, e.id
   FROM casework_changeevent AS e WHERE e.case_id = %(case)s)
ORDER BY 1 DESC, 7 DESC LIMIT %(limit)s OFFSET %(offset)s
"""


@require_http_methods(["GET", "POST"])
@widened(Purpose.EVIDENCE)
def evidence_of_case(request: HttpRequest) -> HttpResponse:
    """Find by the exact number; each look is an event of its own, one at a number that is not here a refusal."""
    user = user_of(request)
    require(request, can_read_evidence(user))
    form = CaseNumberForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"seal": _seal(), "case": None}
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"].strip()
        case = Case.objects.filter(number__iexact=number, organisation_id=user.organisation_id).first()
        if case is None:
            note_refusal(request)
            form.add_error("number", "Diese Fallnummer gibt es hier nicht.")
        else:
            record_access(AccessKind.EVIDENCE_READ, user_id=user.pk, case_id=case.pk, request_id=request_id_of(request))
            context |= _page(case, request.POST.get("seite", ""))
    return answer_form(request, "casework/evidence_of_case.html", form, context)


def _page(case: Case, asked: str) -> dict[str, Any]:
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    page = min(max(page, 1), LAST_PAGE)
    found = read(EVENTS, {"case": case.pk, "limit": PAGE + 1, "offset": (page - 1) * PAGE})
    names = {user.pk: user.full_name for user in User.objects.filter(pk__in={row[1] for row in found if row[1]})}
    kinds = dict(AccessKind.choices)
    rows = [
        {
            "at": timezone.localtime(at),
            "who": names.get(user_id, "ohne Konto" if not user_id else f"Konto {user_id}"),
            "what": kinds.get(kind) or f"{relation.split('_', 1)[-1]}: {OPERATIONS.get(kind, kind)}",
            "count": count,
            "request": (request_id or "")[:8],
        }
        for at, user_id, kind, relation, count, request_id, _ in found[:PAGE]
    ]
    return {
        "case": {"number": case.number},
        "rows": rows,
        "newer": page - 1 if page > 1 else None,
        "older": page + 1 if len(found) > PAGE else None,
    }


def _seal() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, sealed_at, waiting_since FROM guard.last_block()")
        number, sealed_at, waiting_since = cursor.fetchone()
    return {
        "number": number,
        "sealed_at": timezone.localtime(sealed_at) if sealed_at else None,
        "waiting_since": timezone.localtime(waiting_since) if waiting_since else None,
    }
