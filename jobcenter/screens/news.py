"""Neues: what others did in one's own caseload since one last looked; a quiet list, nothing is counted (R4.4-6).

Own deeds are not in it, and nothing of what a file says: who did something, when, in which case. A case that has left
is named by its number alone. What stands here is read once and filed away; nobody else sees whether.
"""

import datetime as dt
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_POST

from casework.actions import file_news_away, news_since
from casework.views.common import case_view, user_of
from jobcenter.platform.numbers import read_number
from jobcenter.platform.statements import read
from jobcenter.platform.workdays import day_label

PER_PAGE = 40

# The user's own cases; each branch asks them one by one, by the case's own index.
_MINE = """
WITH mine AS MATERIALIZED (
    SELECT a.case_id FROM casework_caseassignment AS a
     WHERE a.counsellor_id = %(user)s AND upper_inf(a.during)
)
"""

# Every branch: at, what, who did it, the number of the case and its name ("": not one's own), two days, a word.
_CASE = "k.number, c.family_name || ', ' || c.given_name"
_OF_CASE = "JOIN casework_case AS k ON k.id = e.case_id JOIN casework_client AS c ON c.id = k.client_id"
_BRANCHES = (
    f"""
SELECT e.recorded_at AS at, CASE e.kind WHEN 'missed' THEN 'missed' ELSE 'contact' END AS what, e.author_id AS who,
       {_CASE}, (e.at AT TIME ZONE 'Europe/Berlin')::date AS day, NULL::date AS other, '' AS word
  FROM mine JOIN casework_contact AS e ON e.case_id = mine.case_id AND e.recorded_at > %(since)s {_OF_CASE}
 WHERE e.author_id <> %(user)s AND e.withdrawn_at IS NULL""",  # noqa: S608
    f"""
SELECT e.at, 'note', e.by_id, {_CASE}, NULL, NULL, ''
  FROM mine JOIN casework_filenote AS e ON e.case_id = mine.case_id AND e.at > %(since)s {_OF_CASE}
 WHERE e.by_id <> %(user)s AND e.withdrawn_at IS NULL""",  # noqa: S608
    # What changed with an entry is told with the entry.
    f"""
SELECT e.at, CASE WHEN e.old_due_on = e.new_due_on AND e.old_starts_at IS NOT DISTINCT FROM e.new_starts_at
                  THEN 'reworded' ELSE 'moved' END, e.by_id, {_CASE}, e.old_due_on, e.new_due_on, ''
  FROM mine JOIN casework_followupchange AS e ON e.case_id = mine.case_id AND e.at > %(since)s {_OF_CASE}
 WHERE e.by_id <> %(user)s AND e.contact_id IS NULL""",  # noqa: S608
    f"""
SELECT e.created_at, 'step', e.created_by_id, {_CASE}, e.due_on, NULL, e.kind
  FROM mine JOIN casework_followup AS e ON e.case_id = mine.case_id AND e.created_at > %(since)s {_OF_CASE}
 WHERE e.created_by_id <> %(user)s AND e.contact_id IS NULL AND e.created_at > k.opened_at + interval '1 minute'""",  # noqa: S608
    f"""
SELECT e.ended_at, 'done', e.ended_by_id, {_CASE}, e.due_on, NULL, e.kind
  FROM mine JOIN casework_followup AS e ON e.case_id = mine.case_id AND e.ended_at > %(since)s {_OF_CASE}
 WHERE e.ended_by_id <> %(user)s AND e.ended_by_contact_id IS NULL AND e.closure_id IS NULL""",  # noqa: S608
    f"""
SELECT lower(e.during), 'mine', e.by_id, {_CASE}, NULL, NULL, ''
  FROM casework_caseassignment AS e {_OF_CASE}
 WHERE e.counsellor_id = %(user)s AND upper_inf(e.during) AND lower(e.during) > %(since)s AND e.by_id <> %(user)s""",  # noqa: S608
    # Gone to somebody else, or ended by somebody else.
    """
SELECT upper(e.during), CASE WHEN n.id IS NULL THEN 'closed' ELSE 'gone' END, coalesce(n.by_id, z.by_id), k.number, '',
       NULL, NULL, coalesce(u.first_name || ' ' || u.last_name, '')
  FROM casework_caseassignment AS e
  JOIN casework_case AS k ON k.id = e.case_id
  LEFT JOIN casework_caseassignment AS n ON n.case_id = e.case_id AND lower(n.during) = upper(e.during)
  LEFT JOIN casework_user AS u ON u.id = n.counsellor_id
  LEFT JOIN casework_caseclosure AS z ON z.case_id = e.case_id
 WHERE e.counsellor_id = %(user)s AND upper(e.during) > %(since)s AND coalesce(n.by_id, z.by_id) <> %(user)s""",
    """
SELECT e.planned_at, CASE WHEN e.to_counsellor_id = %(user)s THEN 'coming' ELSE 'going' END, e.planned_by_id, k.number,
       '', e.effective_on, NULL, u.first_name || ' ' || u.last_name
  FROM casework_casehandover AS e
  JOIN casework_case AS k ON k.id = e.case_id
  JOIN casework_user AS u
    ON u.id = CASE WHEN e.to_counsellor_id = %(user)s THEN e.from_counsellor_id ELSE e.to_counsellor_id END
 WHERE %(user)s IN (e.to_counsellor_id, e.from_counsellor_id) AND e.planned_at > %(since)s
   AND e.planned_by_id <> %(user)s AND e.carried_out_at IS NULL AND e.withdrawn_at IS NULL""",
    """
SELECT e.entered_at, CASE WHEN e.substitute_id = %(user)s THEN 'standing_in' ELSE 'stood_in' END, e.entered_by_id, '',
       '', lower(e.during), upper(e.during) - 1, u.first_name || ' ' || u.last_name
  FROM casework_substitution AS e
  JOIN casework_user AS u
    ON u.id = CASE WHEN e.substitute_id = %(user)s THEN e.absent_user_id ELSE e.substitute_id END
 WHERE %(user)s IN (e.substitute_id, e.absent_user_id) AND e.entered_at > %(since)s AND e.entered_by_id <> %(user)s""",
    """
SELECT e.entered_at, 'away', e.entered_by_id, '', '', lower(e.during), upper(e.during) - 1, ''
  FROM casework_absence AS e
 WHERE e.user_id = %(user)s AND e.entered_at > %(since)s AND e.entered_by_id <> %(user)s""",
)
NEWS = f"""
{_MINE}
SELECT n.at, n.what, p.first_name || ' ' || p.last_name, n.number, n.name, n.day, n.other, n.word
  FROM ({" UNION ALL ".join(_BRANCHES)}) AS n (at, what, who, number, name, day, other, word)
  JOIN casework_user AS p ON p.id = n.who
 ORDER BY n.at DESC, n.number, n.what LIMIT {PER_PAGE + 1} OFFSET %(first)s
"""  # noqa: S608  (parts of this module)


@require_GET
@case_view
def news(request: HttpRequest) -> HttpResponse:
    """What is new, by day, newest first; looking changes nothing."""
    user = user_of(request)
    now = timezone.now()
    since, filed = news_since(user, now)
    page = max(1, read_number(request.GET.get("seite"), biggest=999) or 1)
    rows = read(NEWS, {"user": user.pk, "since": since, "first": (page - 1) * PER_PAGE})
    shown = [_line(*row) for row in rows[:PER_PAGE]]
    local = timezone.localtime(since)
    context = {
        "since_label": f"{day_label(local.date())}, {local:%H:%M}",
        "filed": filed,
        "days": [
            {"label": day_label(day), "iso": day.isoformat(), "rows": list(lines)}
            for day, lines in groupby(shown, key=lambda line: line["day"])
        ],
        "until": now.isoformat(),
        "newer_url": f"?seite={page - 1}" if page > 1 else "",
        "older_url": f"?seite={page + 1}" if len(rows) > PER_PAGE else "",
    }
    return render(request, "screens/news.html", context)


@require_POST
@case_view
def news_read(request: HttpRequest) -> HttpResponse:
    """ "Als gelesen ablegen": up to the moment at which the page was made, so that nothing unseen is filed away."""
    try:
        until = parse_datetime(request.POST.get("bis", ""))
    except ValueError:
        until = None
    if until is None or timezone.is_naive(until):
        messages.error(request, "Das ließ sich nicht ablegen. Bitte laden Sie die Seite neu.")
    else:
        file_news_away(user=user_of(request), until=until)
        messages.success(request, "Als gelesen abgelegt.")
    return redirect("screens:news")


def _line(
    at: dt.datetime,
    what: str,
    who: str,
    number: str,
    name: str,
    day: dt.date | None,
    other: dt.date | None,
    word: str,
) -> dict[str, Any]:
    local = timezone.localtime(at)
    return {
        "day": local.date(),
        "iso": f"{local:%Y-%m-%dT%H:%M}",
        "time": f"{local:%H:%M}",
        "who": who,
        "number": number,
        "name": name,
        "url": f"/faelle/{number}/" if name else "",
        "text": _sentence(what, day, other, word),
    }


STEP_LABELS = {"appointment": "Folgetermin", "reminder": "Wiedervorlage"}


def _sentence(what: str, day: dt.date | None, other: dt.date | None, word: str) -> str:
    """What happened, without a word of what it was about."""
    first = day_label(day) if day else ""
    last = day_label(other) if other else ""
    step = STEP_LABELS.get(word, "")
    span = f"vom {first} bis {last}" if last else f"ab {first} bis auf Weiteres"
    return {
        "contact": f"Gespräch vom {first} eingetragen",
        "missed": f"eingetragen, dass der Termin am {first} nicht stattfand",
        "note": "Aktennotiz eingetragen",
        "moved": f"vom {first} auf {last} verschoben",
        "reworded": f"nächsten Schritt am {first} anders benannt",
        "step": f"{step} am {first} gesetzt",
        "done": f"{step} vom {first} erledigt",
        "mine": "Sie sind jetzt zuständig",
        "gone": f"jetzt bei {word}",
        "closed": "Fall beendet",
        "coming": f"kommt am {first} von {word} zu Ihnen",
        "going": f"geht am {first} an {word}",
        "standing_in": f"Sie vertreten {word} {span}",
        "stood_in": f"{word} vertritt Sie {span}",
        "away": f"Ihre Abwesenheit {span} eingetragen",
    }[what]
