"""Groups of the Jobakademie: their dates, who belongs to them, and a date recorded in one go (R3.3-3).

A group is shown to who leads or keeps it. Of its members each reader sees those whose cases are theirs to see; nobody
finds a list of who was absent, and nothing is counted.
"""

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.actions import NewStep, Refused, StandingStep
from casework.actions.together import MOST_CASES
from casework.enums import AccessKind
from casework.forms.fields import at_local
from casework.forms.steps import NEXT_FIELDS, PlainForm, read_next_step, standing_choices, values_of
from casework.forms.together import Offered, TogetherForm, fresh_rows, posted_rows, read_key
from casework.models import Case, FollowUp, User
from casework.permissions import LEAD_TEAM, has_permission
from casework.views.acting import leave, load_to_write
from casework.views.common import absent, answer_form, case_view, refusals_into, require, user_of
from casework.views.days import day_url
from casework.views.together import load_cases
from jobcenter.platform.context import Purpose, widened
from jobcenter.platform.workdays import day_label
from offers.actions.group_dates import cancel_date, members_of_date, record_group_date
from offers.actions.groups import (
    NewDate,
    add_dates,
    add_trainer,
    appointments_of,
    can_create_groups,
    can_manage_group,
    create_group,
    join_group,
    leads_group,
    leave_group,
    step_of_date,
)
from offers.forms.groups import DateForm, GroupForm, JoinForm, TrainerForm
from offers.models import Group, GroupDate, GroupMember, OfferChoice

DATES_AHEAD = 3  # as many of the next dates stand to choose from


def load_group(request: HttpRequest, pk: int) -> Group:
    """A group for who leads or keeps it; to everybody else it is as absent as one that never was."""
    user = user_of(request)
    group = Group.objects.select_related("offer").filter(pk=pk, organisation=user.organisation_id).first()
    if group is None or not can_manage_group(user, group):
        raise absent(request)
    return group


def load_date(request: HttpRequest, pk: int, date: int) -> GroupDate:
    """A date of such a group."""
    group = load_group(request, pk)
    found = GroupDate.objects.select_related("recorded_by", "cancelled_by").filter(group=group, pk=date).first()
    if found is None:
        raise absent(request)
    found.group = group
    return found


def moment(at: dt.datetime) -> str:
    """`Mo, 30.11.2026 9:00`."""
    local = timezone.localtime(at)
    return f"{day_label(local.date())} {local:%H:%M}"


# --- the list, and a new group ---


@require_GET
@case_view
def group_list(request: HttpRequest) -> HttpResponse:
    """The groups that the user leads or keeps: those that go on first."""
    user = user_of(request)
    own = Q(trainers__counsellor=user.pk) | Q(created_by=user)
    if has_permission(user, LEAD_TEAM):
        own = Q(organisation=user.organisation_id)
    groups = Group.objects.filter(own, organisation=user.organisation_id).distinct().order_by("-starts_on", "name")
    today = timezone.localdate()
    rows = [
        {
            "pk": group.pk,
            "name": group.name,
            "period": f"{group.starts_on:%d.%m.%Y} bis {group.ends_on:%d.%m.%Y}",
            "place": group.place,
            "running": group.ends_on >= today,
        }
        for group in groups
    ]
    context = {
        "running": [row for row in rows if row["running"]],
        "past": [row for row in rows if not row["running"]],
        "may_create": can_create_groups(user),
    }
    return render(request, "offers/group_list.html", context)


@require_http_methods(["GET", "POST"])
@case_view
def group_create(request: HttpRequest) -> HttpResponse:
    """Make a group; its dates follow from a pattern of days of the week."""
    user = user_of(request)
    require(request, can_create_groups(user))
    form = GroupForm(request.POST or None, user=user, initial={"trainers": [user.pk]})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refusals_into(form):
            group = create_group(
                offer=data["offer"],
                name=data["name"],
                place=data["place"],
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                trainers=list(data["trainers"]),
                pattern=form.pattern(),
                by=user,
            )
            messages.success(request, f"Die Gruppe „{group.name}“ ist angelegt.")
            return leave(request, "offers:group", pk=group.pk)
    return answer_form(request, "offers/group_create.html", form)


# --- the page of a group ---


@require_GET
@case_view
@widened(Purpose.GROUP)
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Dates, trainers, and those members whose cases the reader may see."""
    user = user_of(request)
    shown = load_group(request, pk)
    dates = list(GroupDate.objects.filter(group=shown).order_by("starts_at"))
    now = timezone.now()
    leads = leads_group(user, shown)
    rows = [date_row(shown, date, now=now, leads=leads) for date in dates]
    context = {
        "group": {
            "pk": shown.pk,
            "name": shown.name,
            "place": shown.place,
            "period": f"{shown.starts_on:%d.%m.%Y} bis {shown.ends_on:%d.%m.%Y}",
        },
        "trainers": [
            trainer.counsellor.user.full_name
            for trainer in shown.trainers.select_related("counsellor__user").order_by("counsellor__user__last_name")
        ],
        "members": members_seen_by(user, shown),
        "waiting": [row for row in rows if row["state"] == "waiting"],
        "coming": [row for row in rows if row["state"] == "coming"],
        "past": [row for row in reversed(rows) if row["state"] == "done"],
        "leads": leads,
    }
    return render(request, "offers/group.html", context)


def date_row(shown: Group, date: GroupDate, *, now: dt.datetime, leads: bool) -> dict[str, Any]:
    """A date as the page of the group lists it."""
    ids = {"pk": shown.pk, "date": date.pk}
    done = date.recorded_at or date.cancelled_at
    return {
        "label": moment(date.starts_at),
        "iso": f"{timezone.localtime(date.starts_at):%Y-%m-%dT%H:%M}",
        "place": date.place,
        "subject": date.subject,
        "state": "done" if done else "coming" if date.starts_at > now else "waiting",
        "note": "abgesagt" if date.cancelled_at else "",
        "url": reverse("offers:group_date", kwargs=ids),
        "cancel_url": reverse("offers:group_date_cancel", kwargs=ids) if leads and not done else "",
    }


def members_seen_by(user: User, shown: Group) -> list[dict[str, str]]:
    members = GroupMember.objects.filter(group=shown, left_at=None, case__id__visible_to=(user.pk, None))
    return [
        {
            "name": member.case.client.list_name,
            "number": member.case.number,
            "leave_url": reverse("offers:leave", kwargs={"number": member.case.number, "pk": member.pk}),
        }
        for member in members.select_related("case__client").order_by(
            "case__client__family_name", "case__client__given_name"
        )
    ]


@require_http_methods(["GET", "POST"])
@case_view
def group_date_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A single date beside the pattern."""
    shown = load_group(request, pk)
    form = DateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        date = NewDate(at_local(data["date_day"], data["date_time"]), data["place"], data["subject"])
        with refusals_into(form):
            add_dates(group=shown, dates=[date], by=user_of(request), saturday_confirmed=data["saturday_ok"])
            messages.success(request, f"Der Termin am {moment(date.starts_at)} ist eingetragen.")
            return leave(request, "offers:group", pk=pk)
    return answer_form(request, "offers/group_form.html", form, {"group": shown, "title": "Termin dazunehmen"})


@require_http_methods(["GET", "POST"])
@case_view
@widened(Purpose.GROUP)
def group_trainer(request: HttpRequest, pk: int) -> HttpResponse:
    """A further trainer, who takes part in the cases of the members from then on."""
    shown = load_group(request, pk)
    form = TrainerForm(request.POST or None, group=shown)
    if request.method == "POST" and form.is_valid():
        trainer = form.cleaned_data["trainers"]
        with refusals_into(form):
            add_trainer(group=shown, trainer=trainer, by=user_of(request))
            messages.success(request, f"{trainer.user.full_name} leitet die Gruppe mit.")
            return leave(request, "offers:group", pk=pk)
    return answer_form(request, "offers/group_form.html", form, {"group": shown, "title": "Leitung dazunehmen"})


@require_POST
@case_view
@widened(Purpose.GROUP)
def group_date_cancel(request: HttpRequest, pk: int, date: int) -> HttpResponse:
    """A date does not take place; whoever has it as next step is expected at the next one."""
    found = load_date(request, pk, date)
    try:
        cancel_date(group_date=found, by=user_of(request))
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"Der Termin am {moment(found.starts_at)} ist abgesagt.")
    return leave(request, "offers:group", pk=pk)


# --- a date, recorded once for everybody ---


@require_http_methods(["GET", "POST"])
@case_view
@widened(Purpose.GROUP)
def group_date(request: HttpRequest, pk: int, date: int) -> HttpResponse:
    """One common text, a row for each member, one submit: a contact with a next step for everybody, or for nobody."""
    user = user_of(request)
    found = load_date(request, pk, date)
    leads = leads_group(user, found.group)
    require(request, leads or request.method == "GET")
    if request.method == "GET" and (
        not leads or found.recorded_at or found.cancelled_at or found.starts_at > timezone.now()
    ):
        return render(request, "offers/group_date_shown.html", shown_date(found))
    offered = offered_dates(found)
    if request.method == "GET":
        cases = [member.case for member in members_of_date(found, by=user)]
        load_cases(request, [case.number for case in cases], event=AccessKind.ENTRY_OPENED)
        return date_page(request, found, fresh_date_form(found, cases, offered), offered)
    cases = load_cases(request, request.POST.getlist("fall")[:MOST_CASES], event=None)
    form = TogetherForm(PlainForm(values_of(request.POST, ("text",))), posted_rows(request.POST, cases))
    form.common.key = str(read_key(request.POST))
    if not record_date(request, found, form, offered):
        return date_page(request, found, form, offered)
    messages.success(request, "Der Gruppentermin steht in jeder Akte.")
    return leave(request, "offers:group", pk=pk)


def shown_date(date: GroupDate) -> dict[str, Any]:
    """A date that is not to be recorded now: recorded, cancelled, or still ahead."""
    state = "Der Termin liegt vor uns."
    if date.cancelled_at and date.cancelled_by:
        state = f"Abgesagt am {moment(date.cancelled_at)} von {date.cancelled_by.full_name}."
    elif date.recorded_at and date.recorded_by:
        state = f"Eingetragen am {moment(date.recorded_at)} von {date.recorded_by.full_name}."
    elif date.starts_at <= timezone.now():
        state = "Noch nicht eingetragen. Eintragen kann, wer die Gruppe leitet."
    return {"group": date.group, "date": date, "label": moment(date.starts_at), "state": state}


def offered_dates(date: GroupDate) -> Offered:
    """The next dates of the group as Folgetermine that can be chosen for each person."""
    after = max(date.starts_at, timezone.now())
    following = GroupDate.objects.filter(group=date.group, starts_at__gt=after, cancelled_at=None, recorded_at=None)
    return {
        f"date-{found.pk}": (
            f"Gruppentermin {moment(found.starts_at)}" + (f": {found.subject}" if found.subject else ""),
            step_of_date(found, date.group.name),
        )
        for found in following.order_by("starts_at")[:DATES_AHEAD]
    }


def fresh_date_form(date: GroupDate, cases: list[Case], offered: Offered) -> TogetherForm:
    """As the form opens: everybody was there, and comes to the group's next date; the last date proposes nothing."""
    first = next(iter(offered), "")
    form = TogetherForm(PlainForm({"text": ""}, key=str(uuid.uuid4())), fresh_rows(cases, {"next": first}))
    for row in form.rows:
        row.done = [f"{step.pk}-{step.version}" for step in row.steps if step.starts_at == date.starts_at]
        if first:
            starts_at = offered[first][1].starts_at
            standing = next((step for step in row.steps if step.starts_at == starts_at), None)
            row.form.values["next"] = f"standing-{standing.pk}" if standing else first
    return form


def record_date(request: HttpRequest, date: GroupDate, form: TogetherForm, offered: Offered) -> bool:
    """Read the form and carry it out; False with sentences beside the fields when it does not hold."""
    if not form.common.values["text"].strip():
        form.common.error("text", "Bitte schreiben Sie auf, was in der Gruppe besprochen wurde.")
    rows = form.read(offered)
    if rows is None:
        return False
    try:
        record_group_date(
            group_date=date,
            text=form.common.values["text"],
            rows=rows,
            by=user_of(request),
            key=uuid.UUID(form.common.key),
        )
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


def date_page(request: HttpRequest, date: GroupDate, form: TogetherForm, offered: Offered) -> HttpResponse:
    members = GroupMember.objects.filter(group=date.group, left_at=None, case__closed_at=None)
    day_after = timezone.localdate(date.starts_at) + dt.timedelta(days=1)
    expected = members.filter(joined_at__lt=at_local(day_after, dt.time(0))).count()
    context = {
        "group": date.group,
        "label": moment(date.starts_at),
        "date": date,
        "form": form.common,
        "rows": [{**row.context(offered, names_steps=False), "day_url": day_url(row.case)} for row in form.rows],
        "summary": form.summary(),
        "elsewhere": expected > len(form.rows),
        "action_url": request.path,
        "back_url": reverse("offers:group", kwargs={"pk": date.group_id}),
    }
    return render(request, "offers/group_date.html", context, status=form.status if request.method == "POST" else 200)


# --- from the file of a case ---


@require_http_methods(["GET", "POST"])
@case_view
def join(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Join a group by a choice of its offer, from day one."""
    case = load_to_write(request, number)
    choice = (
        OfferChoice.objects.select_related("case__client", "offer")
        .filter(case=case, pk=pk, immediate=True, withdrawn_at=None, ended_at=None)
        .first()
    )
    if choice is None:
        raise absent(request, number)
    groups = Group.objects.filter(
        offer=choice.offer_id, organisation=case.organisation_id, ended_at=None, ends_on__gte=timezone.localdate()
    ).order_by("starts_on", "name")
    form = JoinForm(request.POST or None, groups=groups)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["group"]
        with refusals_into(form):
            join_group(choice=choice, group=chosen, by=user_of(request))
            messages.success(request, f"Die Person ist jetzt in der Gruppe „{chosen.name}“.")
            return leave(request, "screens:case_file", number=number)
    return answer_form(request, "offers/group_join.html", form, {"case": case, "any": groups.exists()})


@require_http_methods(["GET", "POST"])
@case_view
def leave_page(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Leave a group, without a reason; what was its next date needs another next step."""
    case = load_to_write(request, number)
    member = GroupMember.objects.select_related("group", "case").filter(case=case, pk=pk, left_at=None).first()
    if member is None:
        raise absent(request, number)
    lost = appointments_of(member) if case.is_open else []
    form = PlainForm(values_of(request.POST, NEXT_FIELDS), case_id=case.pk)
    if request.method == "POST" and leave_by(request, member, form, needs_step=bool(lost)):
        messages.success(request, f"Die Person ist nicht mehr in der Gruppe „{member.group.name}“.")
        return leave(request, "screens:case_file", number=number)
    gone = {step.pk for step in lost}
    steps = FollowUp.objects.open().filter(case=case).in_order()
    context = {
        "case": case,
        "group": member.group,
        "form": form,
        "summary": form.summary(),
        "lost": [f"{step.subject}, {moment(step.starts_at)}" for step in lost if step.starts_at],
        "standing": standing_choices([step for step in steps if step.pk not in gone]),
        "ask_saturday": form.ask_saturday,
        "day_url": day_url(case),
    }
    status = form.status if request.method == "POST" else 200
    return render(request, "offers/group_leave.html", context, status=status)


def leave_by(request: HttpRequest, member: GroupMember, form: PlainForm, *, needs_step: bool) -> bool:
    next_step = None
    if needs_step:
        read = read_next_step(form)
        if not isinstance(read, NewStep | StandingStep):
            return False
        next_step = read
    try:
        leave_group(member=member, by=user_of(request), next_step=next_step)
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


URLS: list[URLPattern] = [
    path("gruppen/", group_list, name="groups"),
    path("gruppen/neu/", group_create, name="group_create"),
    path("gruppen/<int:pk>/", group, name="group"),
    path("gruppen/<int:pk>/leitung/", group_trainer, name="group_trainer"),
    path("gruppen/<int:pk>/termine/neu/", group_date_add, name="group_date_add"),
    path("gruppen/<int:pk>/termine/<int:date>/", group_date, name="group_date"),
    path("gruppen/<int:pk>/termine/<int:date>/absagen/", group_date_cancel, name="group_date_cancel"),
    path("faelle/<slug:number>/angebote/<int:pk>/gruppe/", join, name="join"),
    path("faelle/<slug:number>/gruppen/<int:pk>/verlassen/", leave_page, name="leave"),
]
