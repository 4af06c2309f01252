"""The staff of the demonstration office: organisations, teams, accounts, roles, who is away and who stands in."""

import datetime as dt
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from casework.enums import CounsellorKind, RoleName, SpecialistArea
from casework.models import (
    Absence,
    Counsellor,
    Organisation,
    RoleGrant,
    RuleDocument,
    Substitution,
    Team,
    User,
)
from jobcenter.office.demo.names import person
from jobcenter.office.demo.rows import chance
from jobcenter.office.demo.sizes import Size, WorkCalendar

PASSWORD = "fallarbeit-demo"  # noqa: S105  # printed and written in the README: the demonstration is open
BIG_TEAM = 15
COUNTY, CITY = "Landkreis Göttingen", "Stadt Göttingen"

# role, given name, family name, login, what to know
CAST = (
    ("Integrationsfachkraft", "Kim", "Ahrens", "kim.ahrens", "Team Osterode, vertritt gerade Eva Brandt"),
    ("Integrationsfachkraft", "Eva", "Brandt", "eva.brandt", "Team Osterode, gerade abwesend"),
    ("Integrationsfachkraft", "Nora", "Lindt", "nora.lindt", "Stadt Göttingen, Team Göttingen-Mitte"),
    ("Spezial-IFK", "Rico", "Hansen", "rico.hansen", "Team Osterode, Bereich REHA"),
    ("Teamleitung", "Tom", "Berger", "tom.berger", "Team Osterode"),
    ("Projektmanagement", "Pia", "Möller", "pia.moeller", ""),
    ("Projektmanagement", "Jan", "Reuter", "jan.reuter", "prüft, was andere schreiben"),
    ("Fachadministration", "Frida", "Kuhn", "frida.kuhn", ""),
    ("Datenschutz", "Dora", "Schulz", "dora.schulz", ""),
)

# organisation, team, where its people live, its lead (tom.berger leads the first)
TEAMS = (
    (COUNTY, "Team Osterode", "Osterode"),
    (COUNTY, "Team Duderstadt", "Duderstadt"),
    (CITY, "Team Göttingen-Mitte", "Göttingen"),
    (COUNTY, "Team Hann. Münden", "Münden"),
    (CITY, "Team Göttingen-Weende", "Göttingen"),
    (COUNTY, "Team Herzberg", "Osterode"),
    (COUNTY, "Team Göttingen-Land", "Göttingen"),
    (CITY, "Team Göttingen-Grone", "Göttingen"),
    (COUNTY, "Team Dransfeld", "Münden"),
    (CITY, "Team Göttingen-Geismar", "Göttingen"),
    (COUNTY, "Team Bad Lauterberg", "Osterode"),
    (COUNTY, "Team Gieboldehausen", "Duderstadt"),
    (CITY, "Team Göttingen-Süd", "Göttingen"),
    (COUNTY, "Team Osterode-Süd", "Osterode"),
    (CITY, "Team Göttingen-Nord", "Göttingen"),
    (COUNTY, "Team Duderstadt-Nord", "Duderstadt"),
    (CITY, "Team Göttingen-West", "Göttingen"),
)

RULE_DOCUMENTS = (
    ("Rahmenkonzept für die Arbeit der Integrationsfachkräfte", "https://intranet.example/ifk/rahmenkonzept"),
    ("Themenseite „Arbeit der Integrationsfachkräfte“", "https://intranet.example/ifk/"),
    ("Regelung zu Vertretung und Fallübergabe", "https://intranet.example/ifk/vertretung-und-uebergabe"),
)

TRANSLITERATION = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ø": "oe", "ł": "l", "ş": "s", "ç": "c", "ğ": "g"}
)


@dataclass
class Worker:
    """A counsellor while cases are invented."""

    user: User
    lead: User
    place: str
    room: str
    is_specialist: bool
    area: str | None = None
    caseload: int = 0
    away: list[tuple[int, int, "Worker"]] = field(default_factory=list)  # from, to (numbers of days), who stands in
    id: int = 0  # asked for a million times: not by way of the account

    def __post_init__(self) -> None:
        self.id = int(self.user.pk)

    def acting(self, index: int) -> "Worker":
        """Who really does the work on a day: this one, or whoever stands in."""
        for first, last, substitute in self.away:
            if first <= index <= last:
                return substitute
        return self


@dataclass
class Staff:
    workers: list[Worker]
    config_admin: User
    managers: list[User]  # of project management

    def named(self, username: str) -> Worker:
        return next(worker for worker in self.workers if worker.user.username == username)

    def colleagues(self, worker: Worker) -> list[Worker]:
        """The other counsellors of the same organisation."""
        organisation = worker.user.organisation_id
        return [other for other in self.workers if other is not worker and other.user.organisation_id == organisation]


class StaffBuilder:
    def __init__(self, size: Size, seed: int, calendar: WorkCalendar) -> None:
        self.size, self.calendar = size, calendar
        self.rng = chance(seed, "staff")
        # One hash for all: what is slow on purpose would be slow 200 times. The salt follows the seed.
        self.password = make_password(PASSWORD, salt=f"{self.rng.getrandbits(96):024x}")
        self.usernames: set[str] = {login for *_, login, _ in CAST}

    def build(self) -> Staff:
        self.organisations = {name: Organisation.objects.create(name=name) for name in (COUNTY, CITY)}
        self.teams = Team.objects.bulk_create(
            Team(organisation=self.organisations[organisation], name=name)
            for organisation, name, _ in TEAMS[: self.size.teams]
        )
        self.leads = [self._lead(number, team) for number, team in enumerate(self.teams)]
        county = self.organisations[COUNTY]
        managers = []
        for role, login in (
            (RoleName.OFFER_MANAGER, "pia.moeller"),
            (RoleName.OFFER_MANAGER, "jan.reuter"),
            (RoleName.CONFIG_ADMIN, "frida.kuhn"),
            (RoleName.PRIVACY_OFFICER, "dora.schulz"),
        ):
            user = self._cast(login, county, None)
            RoleGrant.objects.create(user=user, role=role)
            if role == RoleName.CONFIG_ADMIN:
                config_admin = user
            elif role == RoleName.OFFER_MANAGER:
                managers.append(user)
        staff = Staff(self._workers(), config_admin, managers)
        self._share_cases(staff.workers)
        self._absences(staff)
        RuleDocument.objects.bulk_create(
            RuleDocument(title=title, url=url, position=10 * (number + 1))
            for number, (title, url) in enumerate(RULE_DOCUMENTS)
        )
        return staff

    def _account(self, given: str, family: str, login: str, organisation: Organisation, team: Team | None) -> User:
        return User.objects.create(
            username=login,
            first_name=given,
            last_name=family,
            email=f"{login}@example.org",
            organisation=organisation,
            team=team,
            password=self.password,
        )

    def _cast(self, login: str, organisation: Organisation, team: Team | None) -> User:
        given, family = next((given, family) for _, given, family, name, _ in CAST if name == login)
        return self._account(given, family, login, organisation, team)

    def _invented(self, team: Team) -> User:
        while True:
            given, family = person(self.rng)
            login = f"{given}.{family}".lower().translate(TRANSLITERATION)
            if login.isascii() and login.replace(".", "").isalpha() and login not in self.usernames:
                self.usernames.add(login)
                return self._account(given, family, login, team.organisation, team)

    def _lead(self, number: int, team: Team) -> User:
        user = self._cast("tom.berger", team.organisation, team) if number == 0 else self._invented(team)
        RoleGrant.objects.create(user=user, role=RoleName.TEAM_LEAD, team=team)
        return user

    def _workers(self) -> list[Worker]:
        """Regel-IFK spread over the teams, Spezial-IFK in the four areas in turn."""
        areas = [
            SpecialistArea.REHAB,
            SpecialistArea.JOB_ACADEMY,
            SpecialistArea.KIBIZ,
            SpecialistArea.SCHOOL_TO_WORK,
        ]
        named = {0: "kim.ahrens", len(self.teams): "eva.brandt", 2: "nora.lindt"}
        workers = []
        for number in range(self.size.general):
            team = 1 if number >= self.size.general - self._joining() else number % len(self.teams)
            workers.append(self._worker(team, named.get(number), None))
        for number in range(self.size.specialists):
            login = "rico.hansen" if number == 0 else None
            workers.append(self._worker(number % len(self.teams), login, areas[number % len(areas)]))
        return workers

    def _joining(self) -> int:
        """How many of the last ones join the second team, so that it has fifteen."""
        if not self.size.big_team:
            return 0
        in_turn = [len(range(1, count, len(self.teams))) for count in (self.size.general, self.size.specialists)]
        return BIG_TEAM - sum(in_turn)

    def _worker(self, team_number: int, login: str | None, area: str | None) -> Worker:
        team = self.teams[team_number]
        user = self._cast(login, team.organisation, team) if login else self._invented(team)
        RoleGrant.objects.create(user=user, role=RoleName.COUNSELLOR)
        Counsellor.objects.create(
            user=user,
            kind=CounsellorKind.SPECIALIST if area else CounsellorKind.GENERAL,
            area=area,
            since=self.calendar.days[0],
        )
        return Worker(
            user=user,
            lead=self.leads[team_number],
            place=TEAMS[team_number][2],
            room=f"Zimmer {self.rng.randint(1, 3)}.{self.rng.randint(1, 28):02d}",
            is_specialist=area is not None,
            area=area,
        )

    def _share_cases(self, workers: list[Worker]) -> None:
        """Caseloads differ; a Spezial-IFK has about half of what a Regel-IFK has. The sums are exact."""
        for worker in workers:
            scatter = min(2.0, max(0.5, self.rng.lognormvariate(-0.045, 0.3)))
            worker.caseload = round((45 if worker.is_specialist else 95) * scatter)
        workers[0].caseload = 95  # kim.ahrens has an ordinary caseload
        rest = self.size.open_cases
        others = workers
        if self.size.big_team:
            heavy = workers[1]
            heavy.caseload = self.size.heavy_caseload
            members = [worker for worker in workers if worker.user.team_id == heavy.user.team_id]
            _scale([worker for worker in members if worker is not heavy], self.size.big_team - heavy.caseload)
            rest -= self.size.big_team
            others = [worker for worker in workers if worker not in members]
        _scale(others, rest)

    def _absences(self, staff: Staff) -> None:
        """One substitution in force today, one long over."""
        kim, eva = staff.named("kim.ahrens"), staff.named("eva.brandt")
        today = self.calendar.reference
        friday = today + dt.timedelta(days=3)
        while friday.weekday() != 4:
            friday += dt.timedelta(days=1)
        self._absent(eva, kim, today - dt.timedelta(days=6), friday)
        other = next(
            worker for worker in staff.workers if worker.user.team_id == kim.user.team_id and worker not in (kim, eva)
        )
        self._absent(other, kim, today - dt.timedelta(days=60), today - dt.timedelta(days=47))

    def _absent(self, worker: Worker, substitute: Worker, first: dt.date, last: dt.date) -> None:
        during = (first, last + dt.timedelta(days=1))
        entered_at = self.calendar.moment(self.calendar.index(first - dt.timedelta(days=4)), 9 * 60 + 25)
        absence = Absence.objects.create(user=worker.user, during=during, entered_by=worker.lead, entered_at=entered_at)
        Substitution.objects.create(
            absence=absence,
            absent_user=worker.user,
            substitute=substitute.user,
            during=during,
            entered_by=worker.lead,
            entered_at=entered_at,
        )
        worker.away.append(
            (self.calendar.index(first), self.calendar.index(last + dt.timedelta(days=1)) - 1, substitute)
        )


def _scale(workers: list[Worker], total: int) -> None:
    """Caseloads in the same proportion that together make the total; the last one takes what rounding left."""
    drawn = sum(worker.caseload for worker in workers)
    for worker in workers:
        worker.caseload = max(1, round(worker.caseload * total / drawn))
    workers[-1].caseload += total - sum(worker.caseload for worker in workers)
