"""The pages of the take-over: by plain POST, state after state, for who may."""

import io

import pytest
from django.urls import reverse

from casework.actions import imports
from casework.enums import ImportState
from casework.models import Case, ImportLine, ImportRun, User
from tests import factories
from tests.casework.importing import STAFF_HEADERS, applied, checked, person, table, worked_on
from tests.conftest import signed_in

LIST = "/uebernahme/"


def upload(client, data: str | bytes, kind: str = "people"):
    file = io.BytesIO(data.encode() if isinstance(data, str) else data)
    file.name = "export.csv"
    return client.post(LIST, {"kind": kind, "file": file})


def chosen(client, page) -> dict[str, str]:
    """The form of the columns as it is proposed."""
    form = page.context["form"]
    return {field.html_name: str(field.value() or "") for field in form}


@pytest.mark.django_db
def test_a_file_travels_through_its_pages(tom_client, kim, tom):
    assert "Bisher ist keine Datei übernommen." in tom_client.get(LIST).content.decode()
    rows = [person(1), person(2, Geburtsdatum="kaputt"), person(1)]
    answer = upload(tom_client, table(rows))
    run = ImportRun.objects.get()
    here = reverse("casework:import_detail", kwargs={"pk": run.pk})
    assert answer.status_code == 302 and answer.url == here

    columns = tom_client.get(here)
    assert "zum Beispiel: Müller-Beispiel1" in columns.content.decode()
    answer = tom_client.post(here, chosen(tom_client, columns))
    assert answer.status_code == 302, answer.content.decode()
    progress = tom_client.get(here).content.decode()
    assert "Die Datei wird geprüft" in progress and "0 von 3 Zeilen" in progress
    bar = tom_client.get(f"{here}stand/", headers={"HX-Request": "true"})
    assert "<progress" in bar.content.decode() and "<html" not in bar.content.decode()
    imports.work_on_import(run.pk)
    bar = tom_client.get(f"{here}stand/", headers={"HX-Request": "true"})
    assert bar["HX-Redirect"] == here

    report = tom_client.get(here).content.decode()
    assert "Zeile 3" in report and "Spalte „Geburtsdatum“: Das ist kein Datum." in report
    assert "Zuerst steht sie in Zeile 2." in report
    assert "kaputt" not in report
    refused = tom_client.post(f"{here}uebernehmen/", {"take": "faultless"})
    assert refused.status_code == 409 and "2 Zeilen sind abgewiesen" in refused.content.decode()
    assert tom_client.post(f"{here}uebernehmen/", {"take": "possible"}).status_code == 302
    assert "Die Datei wird übernommen" in tom_client.get(here).content.decode()
    imports.work_on_import(run.pk)

    done = tom_client.get(f"{here}?ergebnis=neu").content.decode()
    assert "übernommen am" in done and "Tom Albers" in done
    assert Case.objects.get().client.list_name in done
    late = tom_client.post(f"{here}uebernehmen/", {"take": "possible"})
    assert late.status_code == 409 and "in einem anderen Stand" in late.content.decode()
    assert "Personen und Fälle vom" in tom_client.get(LIST).content.decode()


@pytest.mark.django_db
def test_what_cannot_be_read_is_said_beside_the_file(tom_client):
    for data, words in ((b"PK\x03\x04", "Arbeitsmappe"), (b"", "leer"), (b"A;B\n1;\x81\n", "Windows-1252")):
        answer = upload(tom_client, data)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    nothing = tom_client.post(LIST, {"kind": "people"})
    assert nothing.status_code == 422 and "Bitte wählen Sie eine Datei." in nothing.content.decode()
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_columns_and_weeks_are_asked_for_in_sentences(tom_client, kim):
    upload(tom_client, table([person(1)]))
    here = reverse("casework:import_detail", kwargs={"pk": ImportRun.objects.get().pk})
    fields = chosen(tom_client, tom_client.get(here))
    for wrong, words in (
        ({"column_birth_date": ""}, "Bitte wählen."),
        ({"column_birth_date": "0"}, "kann nur eines sein"),
        ({"first": "5", "last": "2"}, "die erste vor der letzten"),
        ({"last": "viele"}, "Bitte eine Zahl eintragen."),
        ({"column_birth_date": "99"}, "column_birth_date"),
    ):
        answer = tom_client.post(here, fields | wrong)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert ImportRun.objects.get().mapping == {}


@pytest.mark.django_db
def test_the_same_file_is_recognised(tom_client, kim, tom):
    applied(checked(table([person(1)]), tom), tom)
    answer = upload(tom_client, table([person(1)]))

    assert "Diese Datei kennen wir schon" in tom_client.get(answer.url).content.decode()


@pytest.mark.django_db
def test_a_file_can_be_checked_again_and_given_up(tom_client, kim, tom):
    run = checked(table([person(1)]), tom)
    here = reverse("casework:import_detail", kwargs={"pk": run.pk})
    assert tom_client.post(f"{here}pruefen/").url == here
    assert "Welche Spalte ist was?" in tom_client.get(here).content.decode()
    assert not ImportLine.objects.exists()
    assert tom_client.post(f"{here}verwerfen/").url == LIST
    page = tom_client.get(here)
    assert page.status_code == 200 and "verworfen" in page.content.decode()
    assert tom_client.post(f"{here}pruefen/").status_code == 409


@pytest.mark.django_db
def test_a_broken_off_take_over_says_so(tom_client, kim, tom):
    run = checked(table([person(1)]), tom)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.FAILED)
    page = tom_client.get(reverse("casework:import_detail", kwargs={"pk": run.pk})).content.decode()

    assert "Es ist nichts übernommen, alles ist wie vorher." in page
    assert "Noch einmal prüfen" in page


@pytest.mark.django_db
def test_a_long_report_is_paged_with_few_statements(tom_client, kim, tom, count_queries):
    run = checked(table([person(number) for number in range(120)]), tom)
    here = reverse("casework:import_detail", kwargs={"pk": run.pk})
    with count_queries() as queries:
        page = tom_client.get(f"{here}?ergebnis=neu&seite=2")
    assert "Seite 2 von 3" in page.content.decode()
    assert page.content.decode().count("Nummer <bdi>") == 50
    assert queries.count <= 6, queries.explain()


@pytest.mark.django_db
def test_the_report_as_csv_names_nobody_and_computes_nothing(tom_client, kim, tom):
    rows = [person(1), person(2, Kundennummer="=2+2", Geburtsdatum="x")]
    run = checked(table(rows), tom)
    answer = tom_client.get(f"{reverse('casework:import_detail', kwargs={'pk': run.pk})}bericht/")
    text = answer.content.decode("utf-8-sig")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert '"\'=2+2"' in text and "Beispiel1" not in text
    assert '"2";"neu";"241D000001"' in text


@pytest.mark.django_db
def test_pages_are_for_who_may(kim_client, paula_client, admin_client, tom_client, nora, kim, tom, admin, stadt):
    run = checked(table([person(1)]), tom)
    here = reverse("casework:import_detail", kwargs={"pk": run.pk})
    for client in (kim_client, paula_client):
        assert client.get(LIST).status_code == 403
        assert client.get(here).status_code == 403
    # The Fachadministration has accounts in hand and sees no case, not even in a report.
    assert admin_client.get(LIST).status_code == 200
    assert upload(admin_client, table([person(1)])).status_code == 403
    for address in (here, f"{here}bericht/", f"{here}stand/"):
        assert admin_client.get(address).status_code == 404
    assert admin_client.post(f"{here}uebernehmen/").status_code == 404
    stranger = factories.UserFactory(team__organisation=stadt)
    factories.RoleGrantFactory(user=stranger, role="team_lead", team=stranger.team)
    assert signed_in(stranger).get(here).status_code == 404


@pytest.mark.django_db
def test_a_lead_sees_names_only_of_cases_in_own_lists(tom_client, tom, landkreis):
    elsewhere = factories.TeamFactory(organisation=landkreis)
    factories.CounsellorFactory(user__team=elsewhere, user__username="fern")
    run = applied(checked(table([person(1, IFK="fern")]), tom), tom)
    page = tom_client.get(f"{reverse('casework:import_detail', kwargs={'pk': run.pk})}?ergebnis=neu").content.decode()

    assert "241D000001" in page and "Müller-Beispiel1" not in page


@pytest.mark.django_db
def test_accounts_travel_too(admin_client, admin, osterode):
    line = ["ada", "Neumann", "Ada", "ada@example.org", "Osterode", "IFK", "", ""]
    answer = upload(admin_client, table([line], STAFF_HEADERS), "staff")
    columns = admin_client.get(answer.url)
    assert "Woche" not in columns.content.decode()
    admin_client.post(answer.url, chosen(admin_client, columns))
    run = worked_on(ImportRun.objects.get())
    report = admin_client.get(f"{answer.url}?ergebnis=fehlt").content.decode()
    assert "Kern, Jo" in report and "Das Konto bleibt, wie es ist." in report
    applied(run, admin)

    assert User.objects.get(username="ada").counsellor.kind == "general"


@pytest.mark.django_db
def test_addresses_and_task_arguments_name_nobody(tom, kim, django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr(imports.current_app, "send_task", lambda *args, **kwargs: sent.append((args, kwargs)))
    with django_capture_on_commit_callbacks(execute=True):
        run = checked(table([person(1)]), tom)

    assert sent == [(("casework.tasks.work_on_import",), {"args": [run.pk], "ignore_result": True})]


@pytest.mark.django_db
def test_what_would_change_is_shown_before_and_kept_nowhere(tom_client, kim, tom):
    applied(checked(table([person(1)]), tom), tom)
    run = checked(table([person(1, Nachname="Neuname", Geburtsdatum="2000-05-04")]), tom)
    here = reverse("casework:import_detail", kwargs={"pk": run.pk})
    page = " ".join(tom_client.get(here).content.decode().split())

    assert "Es ändert sich: Familienname, Geburtsdatum." in page
    assert "Familienname: bisher <bdi>Müller-Beispiel1</bdi>, dann <bdi>Neuname</bdi>" in page
    assert "Geburtsdatum: bisher <bdi>02.01.1970</bdi>, dann <bdi>04.05.2000</bdi>" in page
    applied(run, tom)
    assert "bisher" not in tom_client.get(f"{here}?ergebnis=geaendert").content.decode()
