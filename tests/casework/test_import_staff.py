"""Accounts by CSV: made without a password, never switched off, never with rights over settings."""

import pytest
from django.contrib.auth import authenticate

from casework.actions import NotAllowed, imports
from casework.enums import ImportKind, LineOutcome, RoleName
from casework.models import Counsellor, ImportLine, RoleGrant, User
from tests import factories
from tests.casework.importing import STAFF_HEADERS, applied, checked, lines_of, table

NEW, CHANGED, SAME, REFUSED, MISSING = (one.value for one in LineOutcome)


def account(username: str, **changes: str) -> list[str]:
    line = {
        "Anmeldename": username,
        "Nachname": "Neumann",
        "Vorname": "Ada",
        "E-Mail": f"{username}@example.org",
        "Team": "Osterode",
        "Rollen": "IFK",
        "Art der IFK": "",
        "Bereich": "",
    }
    return list((line | changes).values())


def staff(*rows: list[str], by: User):
    return checked(table(rows, STAFF_HEADERS), by, ImportKind.STAFF)


@pytest.mark.django_db
def test_a_new_account_has_its_roles_and_no_password(admin, osterode):
    run = staff(
        account("ada"),
        account(
            "lea", Rollen="Teamleitung, Integrationsfachkraft", **{"Art der IFK": "Spezial-IFK", "Bereich": "REHA"}
        ),
        by=admin,
    )
    assert not User.objects.filter(username="ada").exists()
    applied(run, admin)

    ada, lea = User.objects.get(username="ada"), User.objects.get(username="lea")
    assert (ada.team, ada.organisation, ada.is_active) == (osterode, admin.organisation, True)
    assert not ada.has_usable_password() and authenticate(username="ada", password="") is None
    assert (ada.counsellor.kind, lea.counsellor.area) == ("general", "rehab")
    assert set(RoleGrant.objects.filter(user=lea).values_list("role", "team")) == {
        ("team_lead", osterode.pk),
        ("counsellor", None),
    }
    again = staff(account("ada"), account("lea", Rollen="IFK"), by=admin)
    assert {outcome for _, outcome, _, _ in lines_of(again)} == {SAME, MISSING}


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"Rollen": "Fachadministration"}, "role_by_hand", "roles"),
        ({"Rollen": "IFK, Datenschutz"}, "role_by_hand", "roles"),
        ({"Rollen": "config_admin"}, "role_by_hand", "roles"),
        ({"Rollen": "Chefin"}, "role_unknown", "roles"),
        ({"Rollen": "Teamleitung", "Team": ""}, "lead_without_team", "team"),
        ({"Team": "Nirgends"}, "team_unknown", "team"),
        ({"E-Mail": "keine"}, "bad_email", "email"),
        ({"Anmeldename": "mit leer"}, "bad_username", "username"),
        ({"Art der IFK": "Spezial"}, "area_if_specialist", "area"),
        ({"Art der IFK": "Regel", "Bereich": "REHA"}, "area_if_specialist", "area"),
        ({"Art der IFK": "Ober"}, "kind_unknown", "kind"),
        ({"Bereich": "Mond"}, "area_unknown", "area"),
        ({"Rollen": "Projektmanagement", "Art der IFK": "Regel"}, "function_without_role", "kind"),
        ({"Anmeldename": "nora"}, "account_elsewhere", "username"),
    ],
)
@pytest.mark.django_db
def test_what_cannot_be_taken_is_refused_by_name(admin, osterode, nora, changes, code, column):
    run = staff(account("ada", **changes), by=admin)

    assert lines_of(run)[0] == (2, REFUSED, code, column)
    applied(run, admin)
    assert not User.objects.filter(username="ada").exists()


@pytest.mark.django_db
def test_names_and_team_are_updated_and_roles_only_added(admin, kim, landkreis):
    other = factories.TeamFactory(organisation=landkreis, name="Duderstadt")
    case = factories.CaseFactory(counsellor=kim)
    line = account(
        "Kim",
        Nachname="Sander-Neu",
        Team="Duderstadt",
        Rollen="Projektmanagement",
        Vorname="Kim",
        **{"E-Mail": kim.email},
    )
    run = staff(line, by=admin)
    found = ImportLine.objects.get(run=run, number=2)
    assert (found.outcome, found.changes) == (CHANGED, ["last_name", "team", "roles"])
    applied(run, admin)

    kim.refresh_from_db()
    assert (kim.last_name, kim.team, kim.username) == ("Sander-Neu", other, "kim")
    roles = set(RoleGrant.objects.filter(user=kim).values_list("role", flat=True))
    assert roles == {RoleName.COUNSELLOR, RoleName.OFFER_MANAGER}
    assert case.assignments.get().counsellor_id == kim.pk


@pytest.mark.django_db
def test_who_is_not_in_the_file_stays_and_who_is_off_stays_off(admin, kim, eva):
    User.objects.filter(pk=eva.pk).update(is_active=False)
    run = applied(staff(account("eva", Nachname="Brandt", Vorname="Eva"), by=admin), admin)

    assert lines_of(run)[0][1:3] == (SAME, "account_off")
    missing = ImportLine.objects.filter(run=run, outcome=MISSING)
    assert set(missing.values_list("external_ref", flat=True)) == {f"K{admin.pk}", f"K{kim.pk}"}
    assert User.objects.get(pk=kim.pk).is_active and not User.objects.get(pk=eva.pk).is_active


@pytest.mark.django_db
def test_an_account_becomes_an_ifk(admin, paula):
    applied(staff(account("paula", Vorname="Paula", Nachname="Voss", **{"Art der IFK": "Regel-IFK"}), by=admin), admin)

    assert Counsellor.objects.get(pk=paula.pk).kind == "general"


@pytest.mark.django_db
def test_the_same_account_twice_is_refused(admin, osterode):
    run = staff(account("ada"), account("ADA"), by=admin)

    assert lines_of(run)[1][1:3] == (REFUSED, "duplicate_account")


@pytest.mark.django_db
def test_leads_do_not_make_accounts(tom):
    with pytest.raises(NotAllowed):
        imports.start_import(kind=ImportKind.STAFF, content=table([account("ada")], STAFF_HEADERS).encode(), by=tom)
