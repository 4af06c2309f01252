"""Heute: what is overdue, due today and in the next five working days, and what was left open."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from casework.actions import local_days
from casework.enums import DraftForm, FollowUpKind
from casework.models import Case, User
from casework.permissions import can_open_case
from casework.views.common import case_view, user_of
from jobcenter.platform.statements import read
from jobcenter.platform.workdays import WEEKDAYS, add_working_days, distance_label
from jobcenter.screens.changed_offers import changed_offers
from jobcenter.screens.navigation import substitutions_of, until_label
from jobcenter.screens.taken_over import taken_over

LONGEST = 100  # rows of a section shown at most; a Monday list has 60 (domain.md 9)
KIND_LABELS = dict(FollowUpKind.choices)
MONTHS = (
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()  # noqa: SIM905
)
DAYS = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split()  # noqa: SIM905

# Open steps in cases for which one of these people is responsible now, by day and time. Case by case (OFFSET 0): a plan
# made for all values alike would rather read whatever is open in the whole house. However much is overdue, what is due
# today is shown; and each person who is stood in for has a row, so that the numbers are true.
STEPS = f"""
WITH waiting AS (
    SELECT f.*, a.counsellor_id,
           row_number() OVER section AS place, row_number() OVER counsellor AS own_place,
           count(*) OVER (PARTITION BY sign(f.due_on - %(day)s::date)) AS in_section,
           count(*) OVER (PARTITION BY a.counsellor_id) AS of_counsellor
      FROM casework_caseassignment AS a
     CROSS JOIN LATERAL (SELECT f.id, f.case_id, f.kind, f.due_on, f.starts_at, f.subject, f.contact_id
                           FROM casework_followup AS f
                          WHERE f.case_id = a.case_id AND f.ended_at IS NULL AND f.due_on <= %(horizon)s OFFSET 0) AS f
     WHERE a.counsellor_id = ANY(%(counsellors)s) AND upper_inf(a.during)
    WINDOW section AS (PARTITION BY sign(f.due_on - %(day)s::date) ORDER BY f.due_on, f.starts_at, f.id),
           counsellor AS (PARTITION BY a.counsellor_id ORDER BY f.due_on, f.starts_at, f.id)
), found AS MATERIALIZED (
    SELECT * FROM waiting WHERE place <= {LONGEST} OR own_place = 1
)
SELECT f.id, f.kind, f.due_on, f.starts_at, f.subject, k.number, c.family_name, c.given_name, f.counsellor_id, o.at,
       coalesce((SELECT g.at FROM agreements_stepreminder AS m
                   JOIN agreements_agreementstep AS s ON s.id = m.step_id
                   JOIN agreements_agreement AS g ON g.id = s.agreement_id WHERE m.follow_up_id = f.id),
                (SELECT g.at FROM agreements_agreement AS g
                  WHERE g.review_follow_up_id = f.id AND g.superseded_at IS NULL AND g.withdrawn_at IS NULL)),
       f.in_section, f.of_counsellor
  FROM found AS f
  JOIN casework_case AS k ON k.id = f.case_id
  JOIN casework_client AS c ON c.id = k.client_id
  LEFT JOIN casework_contact AS o ON o.id = f.contact_id
 ORDER BY f.due_on, f.starts_at, f.id
"""  # noqa: S608  (a number of ours)

# Own cases without an open step from today on; they are found first, and only then are their names read.
WITHOUT_NEXT = """
WITH found AS MATERIALIZED (
    SELECT a.case_id FROM casework_caseassignment AS a
     WHERE a.counsellor_id = %(user)s AND upper_inf(a.during)
       AND NOT EXISTS (SELECT FROM casework_followup AS f
                        WHERE f.case_id = a.case_id AND f.ended_at IS NULL AND f.due_on >= %(day)s)
)
SELECT k.number, c.family_name, c.given_name
  FROM found
  JOIN casework_case AS k ON k.id = found.case_id AND k.closed_at IS NULL
  JOIN casework_client AS c ON c.id = k.client_id
 ORDER BY c.search_family, c.search_given LIMIT 20
"""

# Drafts of an author, and whether the case of each is one that may still be written to.
DRAFTS = """
SELECT d.id, d.form, d.updated_at, k.number, c.family_name, c.given_name,
       k.closed_at IS NULL AND d.case_id = ANY(ARRAY(SELECT casework_acting_cases(%(user)s, %(now)s)))
  FROM casework_draft AS d
  LEFT JOIN casework_case AS k ON k.id = d.case_id
  LEFT JOIN casework_client AS c ON c.id = k.client_id
 WHERE d.author_id = %(user)s ORDER BY d.updated_at DESC LIMIT 20
"""


@require_GET
@case_view
def today(request: HttpRequest) -> HttpResponse:
    """The day of a counsellor: flat rows, a constant number of statements however many rows."""
    user = user_of(request)
    now = timezone.localtime()
    day = now.date()
    horizon = add_working_days(day, 5, local_days(day, day + dt.timedelta(days=30)))
    absent = {row["absent_user_id"]: row for row in substitutions_of(request)}
    rows = list(_rows(user, absent, horizon, day, now))
    overdue = [row for row in rows if row["overdue"]]
    due = [row for row in rows if not row["overdue"] and row["due_on"] == day]
    upcoming = [row for row in rows if row["due_on"] > day]
    without_next = read(WITHOUT_NEXT, {"user": user.pk, "day": day})
    context = {
        "day_label": f"{DAYS[day.weekday()]}, {day.day}. {MONTHS[day.month - 1]} {day.year}",
        "overdue": overdue,
        "overdue_count": overdue[0]["in_section"] if overdue else 0,
        "due_today": due,
        "upcoming": upcoming,
        "next_label": _next_label(due, upcoming),
        "has_cases": bool(rows) or bool(without_next) or Case.objects.led_by(user.pk).exists(),
        "case_open_url": reverse("casework:case_open") if can_open_case(user) else "",
        "drafts": _drafts(user, day),
        "unrecorded": [_unrecorded(row) for row in rows if row["unrecorded"]],
        "without_next": [
            {"name": f"{family}, {given}", "number": number, "url": f"/faelle/{number}/"}
            for number, family, given in without_next
        ],
        "standing_in": _standing_in(absent, rows),
        "changes": changed_offers(user.pk, now),
        "taken_over": taken_over(user.pk),
    }
    return render(request, "screens/today.html", context)


def _rows(
    user: User, absent: dict[int, dict[str, Any]], horizon: dt.date, day: dt.date, now: dt.datetime
) -> Iterable[dict[str, Any]]:
    steps = read(STEPS, {"horizon": horizon, "day": day, "counsellors": [user.pk, *absent]})
    for pk, kind, due_on, starts_at, subject, number, family, given, counsellor_id, *origins, total, of_them in steps:
        appointment = kind == FollowUpKind.APPOINTMENT
        start = timezone.localtime(starts_at) if starts_at else None
        base = f"/faelle/{number}/"
        stand_in = absent.get(counsellor_id)
        passed = appointment and start is not None and start < now
        late = due_on < day
        if late:
            label = distance_label(due_on, day)
        elif due_on == day:
            label = f"{start:%H:%M}" if start else "heute"
        else:
            label = f"{WEEKDAYS[due_on.weekday()]}, {due_on:%d.%m.}" + (f" {start:%H:%M}" if start else "")
        yield {
            "id": pk,
            "case_number": number,
            "name": f"{family}, {given}",
            "day_label": label,
            "iso": f"{start:%Y-%m-%dT%H:%M}" if start else due_on.isoformat(),
            "kind": KIND_LABELS[kind],
            "subject": subject,
            "from_label": _from_label(*origins),
            "for_label": (
                f"in Vertretung für {stand_in['absent_user__first_name']} {stand_in['absent_user__last_name']}"
                if stand_in
                else ""
            ),
            "file_url": base,
            "talk_url": f"{base}gespraech/?schritt={pk}",
            "done_url": f"{base}schritte/{pk}/erledigt/",
            "postpone_url": f"{base}schritte/{pk}/verschieben/",
            "missed_url": f"{base}schritte/{pk}/nicht-stattgefunden/?zurueck=/"
            if passed or (appointment and late)
            else "",
            "overdue": late,
            "due_on": due_on,
            "unrecorded": passed,
            "counsellor_id": counsellor_id,
            "in_section": total,
            "of_counsellor": of_them,
            "when": f"{WEEKDAYS[due_on.weekday()]}, {due_on:%d.%m.} {start:%H:%M}" if start else "",
        }


def _from_label(origin_at: dt.datetime | None, agreed_at: dt.datetime | None) -> str:
    """Where a step comes from; the agreement that asked for it says more than the talk."""
    if agreed_at:
        return f"aus der Vereinbarung vom {timezone.localtime(agreed_at):%d.%m.}"
    return f"aus dem Gespräch vom {timezone.localtime(origin_at):%d.%m.}" if origin_at else ""


def _unrecorded(row: dict[str, Any]) -> dict[str, str]:
    return {
        "when": row["when"],
        "name": row["name"],
        "record_url": row["talk_url"],
        "missed_url": row["missed_url"],
    }


def _next_label(due: list[dict[str, Any]], upcoming: list[dict[str, Any]]) -> str:
    if due or not upcoming:
        return ""
    return f"Als Nächstes: {upcoming[0]['day_label']}, {upcoming[0]['kind']}."


def _drafts(user: User, day: dt.date) -> list[dict[str, str]]:
    drafts = read(DRAFTS, {"user": user.pk, "now": timezone.now()})
    shown = []
    for pk, form, updated_at, number, family, given, workable in drafts:
        when = timezone.localtime(updated_at)
        if form == DraftForm.CASE_OPENING:
            label, url = "Fall eröffnen", f"{reverse('casework:case_open')}?entwurf={pk}"
        elif workable:
            label, url = f"Gespräch mit {given} {family}", f"/faelle/{number}/gespraech/"
        else:
            # Out of a wrong file, or its case ended or went to somebody else: no name, no number.
            label, url = "Angefangener Text ohne Akte", reverse("casework:draft_adopt", kwargs={"pk": pk})
        clock = f"{when:%H:%M}" if when.date() == day else f"{when:%d.%m. %H:%M}"
        shown.append({"label": label, "when": f"zuletzt {clock}", "url": url})
    return shown


def _standing_in(absent: dict[int, dict[str, Any]], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{row['absent_user__first_name']} {row['absent_user__last_name']}",
            "until": until_label(row["during"]),
            "count": next((step["of_counsellor"] for step in rows if step["counsellor_id"] == pk), 0),
            "url": f"/faelle/?vertretung={pk}",
        }
        for pk, row in absent.items()
    ]
