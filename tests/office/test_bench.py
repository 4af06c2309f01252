"""`make bench`: what can be told without a clock. It measures what it says it measures."""

import datetime as dt
import socket
import threading
import uuid

import pytest

from agreements.forms.talk import read_agreed
from casework.forms.steps import PlainForm
from jobcenter.office.bench import full_talk, office, report
from jobcenter.office.bench.client import Answer, Connection, Session
from jobcenter.office.bench.floor import Floor, Plan, Statement, numbered, page_source, replaced
from jobcenter.office.bench.measure import Sample, percentile
from jobcenter.office.bench.visit import linked

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


def test_percentiles_are_values_that_were_measured():
    values = [float(n) for n in range(1, 101)]

    assert percentile(values, 0.95) == 95
    assert percentile([7.0], 0.95) == 7
    assert Sample([0.010, 0.030, 0.020], elapsed=0.06).p50 == 20
    assert Sample([0.010, 0.030, 0.020], elapsed=0.06).per_second == 50


def test_what_is_new_in_a_repetition_is_replaced_wherever_it_stands():
    key = uuid.uuid4()
    values = {41: 99, key: "new"}
    earlier = NOW - dt.timedelta(days=1)

    given = (41, 42, [41, key], {"id": 41}, True, NOW, earlier, None)

    later = NOW + dt.timedelta(minutes=1)
    assert replaced(given, values, NOW, later) == (99, 42, [99, "new"], {"id": 99}, True, later, earlier, None)


def test_the_floor_has_no_savepoints_and_about_the_bytes_of_the_page():
    plan = Plan([Statement('SAVEPOINT "s1"', None), Statement("SELECT 1", None)], 200, 5_000, NOW)
    rows = [("F-26-00001", "Yıldız & Söhne", dt.date(2026, 11, 30))] * 20

    assert [statement.sql for statement in plan.asked] == ["SELECT 1"]
    source = page_source(rows, 5_000)
    assert source.count("{{ cell }}") == 1
    assert len(rendered(source, rows)) == pytest.approx(5_000, rel=0.02)
    assert "Yıldız &amp; Söhne" in rendered(source, rows).decode()


def rendered(source, rows):
    import jinja2

    return jinja2.Environment(autoescape=True).from_string(source).render(rows=rows).encode()


def test_a_plan_is_played_in_one_transaction_and_written_down_again(tmp_path):
    class Cursor:
        description = rowcount = 1

        def __init__(self, log):
            self.log = log

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def execute(self, sql, params=None):
            self.log.append((sql, params))

        def fetchall(self):
            return [("step", 8)] if "nextval(" in self.log[-1][0] else [("text",)]

    class Line:
        closed = False

        def __init__(self):
            self.log = []

        def cursor(self):
            return Cursor(self.log)

        def commit(self):
            self.log.append(("COMMIT", None))

        def rollback(self):
            self.log.append(("ROLLBACK", None))

    line = Line()
    plan = Plan(
        [Statement("SELECT nextval(%s)", ["x"]), Statement("UPDATE t SET a = %s WHERE b = %s", [7, 6])],
        302,
        0,
        NOW,
        {"step": 7, "ended": 6},
    )
    plan.save(tmp_path / "talk.plan")

    floor = Floor(tmp_path, "", connect=lambda _: line, prepared=lambda given: given.cursor())
    status, body, new = floor.answer("talk", {"ended": 5})

    assert (status, body, new) == (302, b"", {"step": 8})
    assert line.log[1:] == [("UPDATE t SET a = %s WHERE b = %s", [8, 5]), ("COMMIT", None)]


def test_ids_reserved_under_one_name_are_told_apart():
    assert numbered([("step", 7), ("contact", 3), ("step", 8), ("step", 9)]) == {
        "step": 7,
        "contact": 3,
        "step-2": 8,
        "step-3": 9,
    }


AGREED_CASE = full_talk.AgreedCase("F-26-00001", 10, ended=20, base=30, version=2, out=40, gone=50, used=60)


@pytest.fixture
def directory(monkeypatch):
    monkeypatch.setattr(
        full_talk, "query", lambda statement: [("Stadtteiltreff", 5)] if statement == full_talk.PLACE else [(1,)]
    )


def test_the_full_conversation_fills_every_section(directory):
    """Its field names are those that the form reads; else a conversation without sections would be measured."""
    form = PlainForm({})
    data = {name: [value] for name, value in full_talk.full_talk(AGREED_CASE, dt.date(2026, 12, 7)).items()}

    agreed = read_agreed(form, data, today=dt.date(2026, 11, 23))

    assert form.errors == {}
    assert agreed.will and agreed.will.own_activity and agreed.will.life_idea
    assert [(new.place, new.used) for new in agreed.resources] == [("", True), ("Stadtteiltreff", False)]
    assert agreed.ended_resources == (50,) and agreed.reviewed
    assert [outcome.step_id for outcome in agreed.outcomes] == [40]
    assert agreed.agreement and agreed.agreement.base == 30 and agreed.agreement.resource_ids == (60,)
    assert [step.owner for step in agreed.agreement.steps] == ["client", "jobcenter", "other"]
    assert agreed.agreement.steps[0].remind and agreed.agreement.rhythm and agreed.agreement.review


def test_the_floor_of_full_conversations_has_cases_with_equally_many_versions(monkeypatch):
    versions = [1, 2, 2, 2, 2, 3, 3, 1, 2, 2]
    rows = [(f"F-{n}", n, 100 + n, version, 200 + n, [300 + n, 400 + n]) for n, version in enumerate(versions)]
    rows += [("F-98", 98, 198, 2, None, [1, 2]), ("F-99", 99, 199, 2, 299, [1])]
    monkeypatch.setattr(full_talk, "query", lambda statement, params: rows)

    pools = full_talk.pools([(row[0], 500 + row[1]) for row in rows])

    assert {case.version for case in pools.floor} == {2}
    assert (len(pools.floor), len(pools.real)) == (5, 5)
    assert not set(pools.floor) & set(pools.real)
    assert pools.floor[0].values() == {
        "number": "F-1",
        "case": 1,
        "ended": 501,
        "base": 101,
        "out": 201,
        "gone": 301,
        "used": 401,
    }
    assert full_talk.of_users({"kim": [(row[0], 500 + row[1]) for row in rows]}) == {}


def test_an_office_is_filled_anew_when_what_fills_it_has_changed(tmp_path, monkeypatch):
    (tmp_path / "plan.py").write_text("one")
    monkeypatch.setattr(office, "SOURCE", tmp_path)
    kept = office.Office("S")
    kept.mark = tmp_path / "seeded.json"
    assert not kept.is_current

    kept.mark.write_text(f'{{"source": "{office.fingerprint()}"}}')
    assert kept.is_current

    (tmp_path / "plan.py").write_text("two")
    assert not kept.is_current
    kept.mark.write_text("{}")
    assert not kept.is_current


def test_the_client_reads_whole_answers_on_one_connection():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        asked = []

        def serve():
            peer, _ = server.accept()
            with peer:
                for body in (b"x" * 70_000, b""):
                    asked.append(peer.recv(65_536))
                    head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\nX-Bench-step: 12\r\n\r\n" % len(body)
                    peer.sendall(head + body)

        thread = threading.Thread(target=serve)
        thread.start()
        connection = Connection(port)
        session = Session(port, "kim", "sessionid=1; csrftoken=2", "2")
        first = connection.ask(session.get("/faelle/"))
        second = connection.ask(session.post("/faelle/suche/", {"q": "ä"}))
        thread.join()
        connection.close()

    assert (first.status, len(first.body), first.header("X-Bench-Step")) == (200, 70_000, "12")
    assert second.body == b""
    assert b"\r\nCookie: sessionid=1; csrftoken=2\r\n" in asked[0]
    assert asked[1].endswith(b"\r\n\r\ncsrfmiddlewaretoken=2&q=%C3%A4")


def test_a_first_visit_counts_what_the_head_names_once():
    html = """<head><link href="/static/css/base.1.css"><link href="/static/css/base.1.css">
    <script src="/static/js/app.2.js"></script></head><body><a href="/static/other.css">x</a></body>"""

    assert linked(html) == ["/static/css/base.1.css", "/static/js/app.2.js"]


def row(key, users, **figures):
    standing = {"key": key, "title": key, "users": users, "is_read": True, "p50_ms": 10.0, "p95_ms": 12.0}
    return {**standing, "per_second": 150.0, "cpu_ms": 9.0, "bytes": 30_000, "ratio": 2.0, **figures}


def test_the_report_names_every_target_that_was_missed():
    pages = [
        row("today", 1, target=4.5, ratio=5.0),
        row("today", 8, per_second=80.0),
        row("file", 1, target=4.5),
        row("long_file", 1, target=4.5, p50_ms=12.0, bytes=33_000),
    ]
    pages += [
        row("usual_file", 1, statements=11),
        row("changeable_file", 1, statements=12, p50_ms=11.5),
        row("agreements", 1, statements=9, most_statements=8),
        row("agreements", 8, most_statements=8, per_second=20.0),
    ]
    result = {
        "size": "M",
        "pages": pages,
        "first_visit": {"without_fonts": 70_000},
        "memory_bytes": 250_000_000,
        "planner": {"p50_s": 3.5, "statements": 8},
    }

    sentences = report.missed(result, {"pages": [row("file", 1, p50_ms=7.0)]})

    assert len(sentences) == 11
    assert "agreements, 1 Nutzende: 9 Abfragen statt höchstens 8" in sentences
    assert "Fallakte mit vielen Fassungen: 1,15 × der gewöhnlichen statt 1,1 ×" in sentences
    assert "Fallakte mit vielen Fassungen: 12 Abfragen, die gewöhnliche 11" in sentences
    assert sentences[0] == "today, 1 Nutzende: 5,00 × Boden statt höchstens 4,5 ×"
    assert any("1,43 × der Größe M" in sentence for sentence in sentences)


def test_a_run_that_reached_everything_says_so_and_prints_every_row():
    result = {"size": "M", "pages": [row("file", 1, target=4.5, target_text="≤ 4,5"), row("file", 8)]}

    lines = report.table(result["pages"])

    assert report.missed(result) == []
    assert len(lines) == 3
    assert lines[1].split() == ["file", "1", "10,0", "12,0", "150", "9,0", "30", "000", "2,00", "≤", "4,5"]


def test_what_could_not_be_measured_is_named_and_the_rest_is_printed():
    result = {"size": "L", "pages": [], "planner": {"problem": "no such column"}, "handover": {"problem": "no room"}}

    assert [
        sentence for sentence in report.missed(result) if "no such column" in sentence or "no room" in sentence
    ] == [
        "Erinnerungen planen: no such column statt höchstens 3.0 s",
        "Übergabe: no room statt höchstens 5.0 s",
    ]
    assert not [line for line in report.below(result) if "planen" in line or "Übergabe" in line]


def test_an_answer_without_a_header_is_empty():
    assert Answer(200, b"HTTP/1.1 200 OK\r\nA: 1", b"").header("X-Bench-step") == ""
