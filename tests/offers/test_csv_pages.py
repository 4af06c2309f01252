"""The pages of the exchange by CSV: three steps without scripts, nothing kept on the server, for project management."""

import csv
import io
import random

import pytest

from offers.exchange.csv_import import MOST_BYTES
from offers.models import Offer
from tests.conftest import signed_in
from tests.factories_offers import offer_manager, published_offer
from tests.offers.test_csv_exchange import HEADERS, HOSTILE, line, six_hundred, table_of

IMPORT = "/angebotspflege/austausch/csv/einlesen/"
EXPORT = "/angebotspflege/austausch/csv/"


def upload(client, data: bytes, path: str = IMPORT):
    file = io.BytesIO(data)
    file.name = "angebote.csv"
    return client.post(path, {"step": "upload", "file": file})


def to_report(client, data: bytes):
    mapping = upload(client, data)
    assert mapping.status_code == 200, mapping.content
    fields = {"step": "check", "content": mapping.context["content"]}
    for column in mapping.context["columns"]:
        fields[f"column-{column['index']}"] = next((o["key"] for o in column["options"] if o["chosen"]), "")
    return fields, client.post(IMPORT, fields)


def test_a_file_travels_through_the_three_pages(paula_client, paula):
    assert paula_client.get(IMPORT).status_code == 200
    fields, report = to_report(paula_client, six_hundred())
    text = report.content.decode()
    assert report.status_code == 200
    assert "Alle gültigen einlesen (580)" in text
    assert "Zeile 30, Spalte „Träger“: Der Träger fehlt." in text
    assert "<script>" not in text and " style=" not in text and " onclick=" not in text
    assert not Offer.objects.exists()

    click = fields | {"step": "import", "expected": "580"}
    refused = paula_client.post(IMPORT, click | {"take": "all"})
    assert refused.status_code == 409
    assert "20 Zeilen sind nicht in Ordnung" in refused.content.decode()
    assert not Offer.objects.exists()
    moved = paula_client.post(IMPORT, click | {"take": "valid", "expected": "600"})
    assert moved.status_code == 409
    assert not Offer.objects.exists()
    done = paula_client.post(IMPORT, click | {"take": "valid"}, follow=True)
    assert "580 Angebote wurden eingelesen" in done.content.decode()
    assert Offer.objects.count() == 580
    again = paula_client.post(IMPORT, click | {"take": "valid"})
    assert again.status_code == 409
    assert Offer.objects.count() == 580


def test_a_file_without_fault_is_taken_in_one_click(paula_client):
    fields, report = to_report(paula_client, table_of([line(1), line(2)]))
    assert "Alle 2 einlesen" in report.content.decode()

    paula_client.post(IMPORT, fields | {"step": "import", "expected": "2", "take": "all"})
    assert Offer.objects.count() == 2


def test_of_a_long_file_the_page_shows_what_is_broken(paula_client):
    rows = [line(number) for number in range(1500)] + [line(7, Sprachen="Klingonisch")]
    _, report = to_report(paula_client, table_of(rows))

    assert (report.context["new"], report.context["broken"], len(report.context["rows"])) == (1500, 1, 1)
    assert "hier stehen nur Einträge mit Fehlern" in report.content.decode()


def test_the_page_names_a_file_that_cannot_be_read(paula_client):
    answer = upload(paula_client, b"PK\x03\x04")
    assert answer.status_code == 422
    assert "Arbeitsmappe" in answer.content.decode()
    nothing = paula_client.post(IMPORT, {"step": "upload"})
    assert "Bitte wählen Sie eine Datei" in nothing.content.decode()


def test_a_carried_file_cannot_be_made_up_and_belongs_to_who_uploaded_it(paula_client, paula):
    fields, _ = to_report(paula_client, table_of([line(1)]))
    forged = paula_client.post(IMPORT, fields | {"content": fields["content"][:-3] + "abc"})
    other = signed_in(offer_manager()).post(IMPORT, fields)

    for answer in (forged, other):
        assert answer.status_code == 422
        assert "noch einmal" in answer.content.decode()


def test_a_file_of_five_megabytes_of_prose_travels_and_noise_is_refused(paula_client):
    words = [f"wort{number}" for number in range(4000)]
    source = random.Random(5)  # noqa: S311
    rows = [line(n, **{"Sprachen": "", "Ansprechperson": ""}) for n in range(500)]
    table = HEADERS + ["Ablauf"]
    page = io.StringIO()
    writer = csv.writer(page, delimiter=";")
    writer.writerow(table)
    for row in rows:
        writer.writerow([*row, " ".join(source.choices(words, k=1050))])
    data = page.getvalue().encode()
    assert 4_500_000 < len(data) < MOST_BYTES
    answer = upload(paula_client, data)
    assert answer.status_code == 200
    _, report = to_report(paula_client, data)
    assert report.context["new"] == 500

    noise = b"Name;Ort\n" + source.randbytes(3_000_000).hex().encode()[:5_000_000]
    refused = upload(paula_client, noise)
    assert refused.status_code == 422
    assert "zu viel Text" in refused.content.decode()


def test_two_columns_cannot_be_the_same(paula_client):
    fields, _ = to_report(paula_client, table_of([line(1)]))
    answer = paula_client.post(IMPORT, fields | {"column-5": "name"})

    assert answer.status_code == 422
    assert "ist zwei Spalten zugeordnet" in answer.content.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_files_never_break_a_page(paula_client, text):
    for data in (table_of([[text] * len(HEADERS)]), text.encode(), table_of([]) + text.encode()):
        answer = upload(paula_client, data)
        assert answer.status_code in (200, 422)
        assert "<script>alert" not in answer.content.decode()
        if answer.status_code == 200:
            _, report = to_report(paula_client, data)
            assert report.status_code == 200
            assert "<script>alert" not in report.content.decode()


def test_the_export_downloads(paula_client):
    published_offer(name="=1")
    answer = paula_client.get(EXPORT)

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    assert "'=1" in answer.content.decode()
    assert paula_client.get(EXPORT + "?alle=1").status_code == 200


@pytest.mark.parametrize("who", ["kim_client", "tom_client", "admin_client"])
def test_nobody_else_reaches_the_exchange(request, who):
    client = request.getfixturevalue(who)
    for path in (IMPORT, EXPORT, "/angebotspflege/austausch/hsds/", "/angebotspflege/austausch/hsds/einlesen/"):
        assert client.get(path, follow=True).status_code == 403
    assert client.post(IMPORT, {"step": "upload"}, follow=True).status_code == 403
    assert not Offer.objects.exists()
