"""Master data of a person, all optional but name and birth date, and "Arbeit oder Ausbildung aufgenommen"."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from casework import actions
from casework.forms.people import ClientForm, DetailForm, EmploymentForm, PersonFields
from casework.models import Case
from casework.views.acting import leave, load_to_write
from casework.views.common import absent, answer_form, case_view, refusals_into, require, user_of
from jobcenter.platform.context import Purpose, widened


def load_person(request: HttpRequest, number: str) -> Case:
    """The person's latest case, through which their data may be changed; an earlier one gives no way to later data."""
    case = load_to_write(request, number)
    with widened(Purpose.LOOK_UP):
        has_later = not case.is_open and case.client.cases.filter(opened_at__gt=case.opened_at).exists()
    require(request, not has_later)
    return case


@require_http_methods(["GET", "POST"])
@case_view
def client_edit(request: HttpRequest, number: str) -> HttpResponse:
    """Correct name, birth date or number. Another window's change is never overwritten (409)."""
    case = load_person(request, number)
    client = case.client
    if request.method == "GET":
        form = ClientForm(initial=_standing(case))
        return answer_form(request, "casework/client_edit.html", form, _context(case))
    form = ClientForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            if changes := form.changes(client):
                actions.update_client(
                    client=client, version=form.cleaned_data["version"], by=user_of(request), changes=changes
                )
            messages.success(request, "Die Stammdaten sind gespeichert.")
            return leave(request, "screens:case_file", number=number)
    standing = _differences(request, form, case) if getattr(form, "conflict", False) else []
    return answer_form(request, "casework/client_edit.html", form, {**_context(case), "standing": standing})


def _standing(case: Case) -> dict[str, Any]:
    client = case.client
    return {name: getattr(client, name) for name in PersonFields.base_fields} | {"version": client.version}


def _differences(request: HttpRequest, form: ClientForm, case: Case) -> list[dict[str, Any]]:
    """What stands now where somebody else was faster, and the version with which one may overrule it knowingly."""
    case.client.refresh_from_db()
    posted = request.POST.copy()
    posted["version"] = str(case.client.version)
    form.data = posted
    standing = _standing(case)
    return [
        {"label": form[name].label, "value": form.fields[name].prepare_value(standing[name]) or "(leer)"}
        for name in form.changes(case.client)
    ]


def _context(case: Case, detail_form: DetailForm | None = None) -> dict[str, Any]:
    details = case.client.details.filter(ended_at=None).order_by("kind", "recorded_at")
    return {"case": case, "details": details, "detail_form": detail_form or DetailForm(), "standing": []}


@require_POST
@case_view
def client_detail_create(request: HttpRequest, number: str) -> HttpResponse:
    """Note an optional detail with its origin."""
    case = load_person(request, number)
    form = DetailForm(request.POST)
    if form.is_valid():
        with refusals_into(form):
            actions.add_client_detail(client=case.client, detail=form.detail(), by=user_of(request))
            messages.success(request, "Die Angabe ist eingetragen.")
            return leave(request, "casework:client_edit", number=number)
    context = _context(case, form)
    response = answer_form(request, "casework/client_edit.html", ClientForm(initial=_standing(case)), context)
    response.status_code = 422
    return response


@require_POST
@case_view
def client_detail_end(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A detail is no longer true; it leaves the file's side and stays as history."""
    case = load_person(request, number)
    detail = case.client.details.filter(pk=pk).first()
    if detail is None:
        raise absent(request, number)
    actions.end_client_detail(detail=detail, by=user_of(request))
    messages.success(request, "Die Angabe gilt nicht mehr.")
    return leave(request, "casework:client_edit", number=number)


@require_http_methods(["GET", "POST"])
@case_view
def employment_start_create(request: HttpRequest, number: str) -> HttpResponse:
    """A dated fact; it closes nothing and is counted for nobody (R3.3-1)."""
    case = load_person(request, number)
    form = EmploymentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refusals_into(form):
            actions.record_employment_start(
                case=case, started_on=data["started_on"], text=data["text"], by=user_of(request)
            )
            messages.success(request, "Eingetragen. Der Fall bleibt offen, die nächsten Schritte bleiben stehen.")
            return leave(request, "screens:case_file", number=number)
    starts = case.employment_starts.filter(withdrawn_at=None).order_by("-started_on")
    return answer_form(request, "casework/employment_start_create.html", form, {"case": case, "starts": starts})


@require_POST
@case_view
def employment_start_withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take a mistaken entry back; it stays as history."""
    case = load_person(request, number)
    start = case.employment_starts.filter(pk=pk).first()
    if start is None:
        raise absent(request, number)
    try:
        actions.withdraw_employment_start(start=start, by=user_of(request))
    except actions.StaleVersion:
        messages.info(request, "Dieser Eintrag war schon zurückgenommen.")
    else:
        messages.success(request, "Der Eintrag ist zurückgenommen.")
    return leave(request, "screens:case_file", number=number)
