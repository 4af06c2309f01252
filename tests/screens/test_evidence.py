"""If a look cannot be put on record, there is no look (design.md 1.4)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from tests.factories import CaseFactory

RIGHTS = "INSERT (user_id, kind, case_id, ids, request_id) ON casework_accessevent"


@pytest.fixture
def no_evidence(owner_sql: Callable[..., Any]) -> Iterator[None]:
    role = settings.WEB_DATABASE_ROLE
    owner_sql(f"REVOKE INSERT ON casework_accessevent FROM {role}")
    try:
        yield
    finally:
        owner_sql(f"GRANT {RIGHTS} TO {role}")


def test_without_evidence_no_file_opens(committed_db, kim, kim_client, no_evidence):
    case = CaseFactory(counsellor=kim, client__family_name="Geheimname")

    opened = kim_client.get(f"/faelle/{case.number}/")
    talked = kim_client.get(f"/faelle/{case.number}/gespraech/")
    searched = kim_client.post("/faelle/suche/", {"q": "Geheimname"})

    for response in (opened, talked, searched):
        assert response.status_code == 503
        assert "Geheimname" not in response.content.decode()


def test_without_evidence_a_refusal_is_no_answer_either(committed_db, kim, nora_client, no_evidence):
    case = CaseFactory(counsellor=kim)

    assert nora_client.get(f"/faelle/{case.number}/").status_code == 503


def test_with_evidence_again_the_file_opens(committed_db, kim, kim_client):
    case = CaseFactory(counsellor=kim)

    assert kim_client.get(f"/faelle/{case.number}/").status_code == 200


def test_an_event_holds_codes_and_ids_and_no_text(committed_db, kim, kim_client, owner_sql):
    case = CaseFactory(counsellor=kim, client__family_name="Geheimname")

    kim_client.post("/faelle/suche/", {"q": "Geheimname"})

    rows = owner_sql("SELECT to_jsonb(e)::text FROM casework_accessevent AS e WHERE kind = 'case.searched'")
    assert len(rows) == 1
    assert str(case.pk) in rows[0][0]
    assert "Geheimname" not in rows[0][0]


def test_a_lost_database_is_answered_with_503(committed_db, kim_client, monkeypatch):
    def lost(*_: Any, **__: Any) -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", lost)
        kim_client.raise_request_exception = False
        response = kim_client.get("/")

    assert response.status_code == 503
    assert "Retry-After" in response


def test_personal_pages_are_kept_out_of_every_cache(committed_db, kim, kim_client):
    case = CaseFactory(counsellor=kim)

    for path in ("/", "/faelle/", f"/faelle/{case.number}/"):
        assert kim_client.get(path)["Cache-Control"] == "no-store"
