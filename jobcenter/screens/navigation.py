"""What the frame of every page shows: navigation with the counter, banners, the user's own settings."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from casework.models import User
from casework.permissions import (
    CONFIGURE,
    CURATE_OFFERS,
    can_allow_emergencies,
    can_read_evidence,
    can_see_delivery,
    can_see_team_lists,
    can_work_on_cases,
    has_permission,
)
from casework.views.guard import factor_is_given, works_without_factor
from casework.views.sessions import seconds_left
from jobcenter.platform.statements import read

PREVIOUS_USER = "fallarbeit.previous-user"


# What every page of a counsellor shows in its frame, in one statement: for whom the user stands in today, and how many
# steps are due (FollowUpQuerySet.due_count says the same), whether they lead groups, and until when they
# read this case in an emergency. The first row is always there.
FRAME = """
WITH absent AS MATERIALIZED (
    SELECT s.absent_user_id AS id, u.first_name, u.last_name, s.during
      FROM casework_substitution AS s JOIN casework_user AS u ON u.id = s.absent_user_id
     WHERE s.substitute_id = %(user)s AND s.during @> %(day)s::date
)
SELECT (SELECT count(*)
          FROM casework_caseassignment AS a
          JOIN casework_followup AS f ON f.case_id = a.case_id AND f.ended_at IS NULL AND f.due_on <= %(day)s
         WHERE a.counsellor_id = ANY(ARRAY(SELECT %(user)s::bigint UNION ALL SELECT id FROM absent))
           AND upper_inf(a.during)),
       EXISTS (SELECT 1 FROM casework_counsellor WHERE user_id = %(user)s AND area = 'job_academy'),
       (SELECT upper(g.during) FROM casework_accessgrant AS g JOIN casework_case AS c ON c.id = g.case_id
         WHERE c.number = %(number)s AND g.user_id = %(user)s AND g.kind = 'emergency' AND g.during @> %(now)s),
       absent.id, absent.first_name, absent.last_name, absent.during
  FROM (VALUES (1)) AS always LEFT JOIN absent ON true
 ORDER BY absent.last_name, absent.id
"""


def frame_of(request: HttpRequest) -> list[tuple[Any, ...]]:
    """The rows of FRAME, read once per request."""
    cached: list[tuple[Any, ...]] | None = getattr(request, "frame", None)
    if cached is None:
        number = request.resolver_match.kwargs.get("number", "") if request.resolver_match else ""
        now = timezone.now()
        asked = {"user": request.user.pk, "day": timezone.localdate(now), "now": now, "number": number}
        cached = read(FRAME, asked)
        request.frame = cached  # type: ignore[attr-defined]
    return cached


def substitutions_of(request: HttpRequest) -> list[dict[str, Any]]:
    """For whom the user stands in today."""
    names = ("absent_user_id", "absent_user__first_name", "absent_user__last_name", "during")
    return [dict(zip(names, row, strict=True)) for _, _, _, *row in frame_of(request) if row[0] is not None]


def user_token(user: User) -> str:
    """Names the signed-in user to the sign-in dialog, without saying who it is."""
    return signing.dumps(user.pk, salt=PREVIOUS_USER)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The context processor of base.html. Fragments of pages do not ask for it, and it is lazy for them."""
    user = getattr(request, "user", None)
    frame: dict[str, Any] = {"without_factor": True} if works_without_factor(request) else {}
    if isinstance(user, User) and factor_is_given(request):
        frame["nav"] = LazyNavigation(request, user)
    return frame


class LazyNavigation:
    """Computes the frame only when a template shows it."""

    def __init__(self, request: HttpRequest, user: User) -> None:
        self.request = request
        self.user = user
        self.user_name = user.full_name
        self.keys = user.shortcuts_enabled
        self.keys_off = not user.shortcuts_enabled
        self.theme = user.theme
        self.demo = settings.DEMO

    @property
    def may_search(self) -> bool:
        """Whoever has no business with cases is offered no search for them (§ 35 SGB I)."""
        return can_work_on_cases(self.user)

    @property
    def session(self) -> int:
        """How many seconds the session lasts when nothing follows; a page that is opened is activity."""
        now = timezone.now()
        began, _ = getattr(self.request.session, "opened", None) or (now, now)
        return min(seconds_left(began, now, now).values())

    @property
    def organisation(self) -> str:
        return self.user.organisation.name

    @property
    def user_token(self) -> str:
        return user_token(self.user)

    @property
    def banners(self) -> list[dict[str, str]]:
        if not can_work_on_cases(self.user):
            return []
        until = frame_of(self.request)[0][2]
        text = f"Notzugriff bis {timezone.localtime(until):%H:%M} Uhr. Jeder Blick wird aufgezeichnet." if until else ""
        emergency = [{"kind": "warning", "text": text}] if until else []
        return emergency + [
            {
                "kind": "info",
                "text": f"Vertretung für {row['absent_user__first_name']} {row['absent_user__last_name']}"
                f" {until_label(row['during'])}",
            }
            for row in substitutions_of(self.request)
        ]

    @property
    def items(self) -> list[dict[str, Any]]:
        path = self.request.path
        items: list[dict[str, Any]] = []
        if can_work_on_cases(self.user):
            count = frame_of(self.request)[0][0]
            items.append({"label": "Heute", "url": "/", "key": "h", "current": path == "/", "count": count})
            items.append({"label": "Fälle", "url": "/faelle/", "key": "f", "current": path.startswith("/faelle/")})
            pages = [
                ("Fallbestand", "/fallbestand/"),
                ("Vereinbarungen", "/vereinbarungen/"),
                ("Angebote", "/angebote/"),
                ("Sozialraum", "/sozialraum/"),
            ]
            if frame_of(self.request)[0][1] or can_see_team_lists(self.user):
                pages.append(("Gruppen", "/gruppen/"))
            items += [{"label": label, "url": url, "current": path.startswith(url)} for label, url in pages]
        else:
            items.append({"label": "Angebote", "url": "/angebote/", "current": path.startswith("/angebote/")})
        if can_work_on_cases(self.user):
            items.append(
                {"label": "Vertretungen", "url": "/vertretungen/", "current": path.startswith("/vertretungen/")}
            )
        if can_see_delivery(self.user):
            items.append(
                {"label": "Erinnerungen", "url": "/erinnerungen/", "current": path.startswith("/erinnerungen/")}
            )
        items += privacy_items(self.user, path)
        if has_permission(self.user, CURATE_OFFERS):
            items.append({"label": "Angebotspflege", "url": "/angebotspflege/", "current": False})
        if has_permission(self.user, CONFIGURE):
            current = path.startswith("/uebernahme/")
            items.append({"label": "Konten übernehmen", "url": "/uebernahme/", "current": current})
            items.append({"label": "Verwaltung", "url": "/verwaltung/", "current": False})
        return items


def privacy_items(user: User, path: str) -> list[dict[str, Any]]:
    """What the data protection officer is led to."""
    pages = []
    if can_read_evidence(user):
        pages.append(("Protokoll", "/datenschutz/protokoll/"))
    if can_allow_emergencies(user):
        pages.append(("Notzugriffe", "/datenschutz/notzugriffe/"))
    return [{"label": label, "url": url, "current": path.startswith(url)} for label, url in pages]


def until_label(during: Any) -> str:
    """`bis 27.11.` or `bis auf Weiteres`: the last day of a period whose upper bound is not included."""
    return f"bis {during.upper - dt.timedelta(days=1):%d.%m.}" if during.upper else "bis auf Weiteres"
