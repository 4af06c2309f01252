"""Zum Mitgeben drucken: the person chooses what is on the sheet; what was handed over is on record (R2-5)."""

from dataclasses import dataclass, fields
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agreements.actions.handouts import record_handout
from agreements.enums import Outcome, SheetPart, StepOwner
from agreements.forms.handouts import HandoutForm
from agreements.handout.sheet import EXTRAS, GERMAN, Group, Sheet, SheetStep, Wording, group_of, render
from agreements.models import AgreementHandout, SheetWording
from agreements.models.state import State, read_state
from agreements.views.wording import local_day
from casework.actions import record_access
from casework.enums import AccessKind, FollowUpKind
from casework.models import Case, FollowUp
from casework.views.acting import request_id_of, responsible_counsellor
from casework.views.common import answer_form, case_view, load_case, refusals_into, user_of
from jobcenter.platform.pdf.characters import readable
from jobcenter.platform.workdays import day_label

FILE_NAME = "Unsere-Vereinbarung.pdf"
# Browsers show a PDF in a viewer of their own, which brings its styles along.
VIEWER_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
SHORT = 160


@dataclass(frozen=True)
class Content:
    """Everything that could stand on the sheet now."""

    state: State
    will: str
    resources: tuple[str, ...]
    person: str
    extras: tuple[Group, ...] = ()  # of the rooms above, under their German headings

    @property
    def offered(self) -> dict[SheetPart, str]:
        """Parts that hold something; a will that is still being explored is none (R3.1-2)."""
        parts = {
            SheetPart.WILL: f"„{clipped(self.will)}“" if self.will else "",
            SheetPart.RESOURCES: " · ".join(
                part for part in (clipped(" · ".join(self.resources)), *map(in_short, self.extras)) if part
            ),
            SheetPart.STEPS: "wer macht was bis wann",
        }
        return {part: content for part, content in parts.items() if content}


@require_http_methods(["GET", "POST"])
@case_view
def handout_create(request: HttpRequest, number: str) -> HttpResponse:
    """Choose, print, and put on record what was handed over."""
    posting = request.method == "POST"
    case = load_case(request, number, event=None if posting else AccessKind.FILE_OPENED, write=True)
    content = read_content(case)
    if content.state.agreement is None:
        return answer_form(request, "agreements/handout_create.html", HandoutForm(offered={}), {"case": case})
    current = content.state.agreement["id"]
    form = HandoutForm(
        request.POST if posting else None,
        offered=content.offered,
        initial={"parts": [SheetPart.STEPS], "agreement": current},
    )
    if posting and form.is_valid():
        with refusals_into(form):
            return hand_over(request, case, content, form)
    if getattr(form, "conflict", False):
        form.data = {**request.POST.dict(), "parts": request.POST.getlist("parts"), "agreement": current}
    context = {"case": case, **page_of(case, content)}
    return answer_form(request, "agreements/handout_create.html", form, context)


def read_content(case: Case) -> Content:
    """What holds in the case; of the resources those the agreement draws on, or all where it names none."""
    state = read_state(case.pk)
    will = state.will["text"] if state.will and state.will["own_activity"] else ""
    used = [row["text"] for row in state.resources if row["used"]]
    resources = used or [row["text"] for row in state.resources]
    return Content(state, will, tuple(resources), case.client.full_name, extras_of(case, (GERMAN,)))


def extras_of(case: Case, wordings: tuple[Wording, ...]) -> tuple[Group, ...]:
    """What the rooms above have to print of the case."""
    return tuple(group for extra in EXTRAS for group in extra(case.pk, wordings))


def in_short(group: Group) -> str:
    """A section in a line, so that the person can decide about all of it."""
    return clipped(f"{group.heading}: " + "; ".join(" – ".join(step.text.split("\n")) for step in group.steps))


def page_of(case: Case, content: Content) -> dict[str, Any]:
    agreement = content.state.agreement or {}
    texts = [content.person, content.will, *content.resources, agreement["goal"], agreement["employment_link"]]
    texts += [agreement["rhythm"], *(text for s in content.state.steps for text in (s["text"], s["owner_name"]))]
    texts += [step.text for group in content.extras for step in group.steps]
    _, replaced = readable("\n".join(texts))
    return {
        "agreement": {"title": version_label(content.state), "goal": agreement["goal"]},
        "will_open": content.state.will is not None and not content.will,
        "replaced": " ".join(replaced),
        "handouts": handouts_of(case),
    }


def clipped(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT].rsplit(' ', 1)[0]} …"


def version_label(state: State) -> str:
    """`3. Fassung vom 02.11.2026`."""
    agreement = state.agreement or {}
    return f"{agreement['number']}. Fassung vom {local_day(agreement['at'])}"


def handouts_of(case: Case) -> list[dict[str, str]]:
    """What was handed over before, newest first."""
    names = dict(SheetWording.objects.values_list("language", "name"))
    found = AgreementHandout.objects.filter(case=case).select_related("agreement", "by").order_by("-at", "-id")
    return [
        {
            "at_label": local_day(handout.at),
            "version": f"{handout.agreement.number}. Fassung",
            "parts": ", ".join(SheetPart(part).label for part in handout.parts),
            "language": names.get(handout.language, ""),
            "who": handout.by.full_name,
        }
        for handout in found
    ]


def hand_over(request: HttpRequest, case: Case, content: Content, form: HandoutForm) -> HttpResponse:
    """The record and the sheet, in one transaction: what could not be printed was not handed over."""
    data = form.cleaned_data
    parts = [SheetPart(part) for part in data["parts"]]
    user = user_of(request)
    record_handout(case=case, agreement_id=data["agreement"], parts=parts, language=data["language"], by=user)
    record_access(AccessKind.PRINTED, user_id=user.pk, case_id=case.pk, request_id=request_id_of(request))
    printed = render(sheet_of(case, content, parts, data["language"], user.organisation.name))
    response = HttpResponse(printed.pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{FILE_NAME}"'
    response["Content-Security-Policy"] = VIEWER_POLICY
    return response


def sheet_of(case: Case, content: Content, parts: list[SheetPart], language: str, house: str) -> Sheet:
    agreement = content.state.agreement or {}
    wordings = wordings_of(language)
    return Sheet(
        wordings=wordings,
        person=content.person,
        house=f"{house} · Jobcenter",
        version=version_label(content.state),
        goal=agreement["goal"],
        employment_link=agreement["employment_link"],
        will=content.will if SheetPart.WILL in parts else "",
        resources=content.resources if SheetPart.RESOURCES in parts else (),
        groups=groups_of(content.state, wordings) if SheetPart.STEPS in parts else (),
        extras=extras_of(case, wordings) if SheetPart.RESOURCES in parts else (),
        rhythm=agreement["rhythm"],
        next_date=next_date_of(case),
        review=review_of(case, content.state),
        contact=contact_of(case),
        plan_name=agreement["plan"] or "",
        printed=f"gedruckt am {timezone.localdate():%d.%m.%Y}",
    )


def wordings_of(language: str) -> tuple[Wording, ...]:
    """German first, as the house words it; the chosen second language after it."""
    names = [field.name for field in fields(Wording)]
    rows = {
        row["language"]: Wording(**row)
        for row in SheetWording.objects.filter(language__in={"de", language}).values(*names)
    }
    second = rows.get(language) if language != "de" else None
    return (rows.get("de", GERMAN), *([second] if second else []))


def groups_of(state: State, wordings: tuple[Wording, ...]) -> tuple[Group, ...]:
    """The steps of the person, of the Jobcenter, and of everybody else by name (R2-4)."""
    sides: dict[tuple[str, str], list[SheetStep]] = {}
    order = list(StepOwner)
    for step in sorted(state.steps, key=lambda row: order.index(StepOwner(row["owner"]))):
        sides.setdefault((step["owner"], step["owner_name"]), []).append(sheet_step(step))
    parts = {StepOwner.CLIENT: "mine", StepOwner.JOBCENTER: "jobcenter", StepOwner.OTHER: "other"}
    return tuple(
        group_of(wordings, parts[StepOwner(owner)], steps, name=name) for (owner, name), steps in sides.items()
    )


def sheet_step(step: dict[str, Any]) -> SheetStep:
    """As it was worded; what is done is said to be, so that nobody does it again."""
    due = "" if not step["due_on"] else ".".join(reversed(step["due_on"].split("-")))
    told = f" ({Outcome(step['outcome']['outcome']).label})" if step["outcome"] else ""
    return SheetStep(f"{step['text']}{told}", due)


def next_date_of(case: Case) -> str:
    """The next Folgetermin; a Wiedervorlage is the house's own."""
    step = (
        FollowUp.objects.open()
        .filter(case=case, kind=FollowUpKind.APPOINTMENT, due_on__gte=timezone.localdate())
        .in_order()
        .first()
    )
    if step is None:
        return ""
    time = f", {timezone.localtime(step.starts_at):%H:%M} Uhr" if step.starts_at else ""
    return f"{day_label(step.due_on)}{time}{f', {step.place}' if step.place else ''}"


def review_of(case: Case, state: State) -> str:
    """The day on which the agreement is looked at together, while it lies ahead."""
    step = FollowUp.objects.filter(case=case, pk=state.review_id).first() if state.review_id else None
    return f"{step.due_on:%d.%m.%Y}" if step and step.due_on >= timezone.localdate() else ""


def contact_of(case: Case) -> tuple[str, ...]:
    """Whom to ask: the responsible IFK with the house and the address for mail; no other way is stored."""
    responsible = responsible_counsellor(case)
    if responsible is None:
        return ()
    user = responsible.user
    return (user.full_name, f"{user.organisation.name} · Jobcenter", user.email)
