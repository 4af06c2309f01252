"""Two people press at the same moment: the whole way from request to COMMIT, in real threads."""

import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from casework import actions
from casework.enums import ClosingReason
from casework.models import Case, Contact, FollowUp
from tests.conftest import signed_in
from tests.factories import CaseFactory, FollowUpFactory, ahead
from tests.screens.forms import conversation


def press_together(*presses) -> list[int]:
    """Call each in a thread of its own, released at once; their status codes."""
    barrier = threading.Barrier(len(presses))

    def press(call):
        try:
            barrier.wait()
            return call().status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(presses)) as pool:
        return [future.result() for future in [pool.submit(press, call) for call in presses]]


def finish(client: Client, case: Case, step: FollowUp, other: FollowUp):
    """Tick a step off, naming the other one as what comes next."""
    client.raise_request_exception = False
    return lambda: client.post(
        f"/faelle/{case.number}/schritte/{step.pk}/erledigt/",
        {"version": str(step.version), "outcome": "fertig", "next": f"standing-{other.pk}"},
    )


def finish_pairs(kim, eva, pairs: int) -> Counter[int]:
    first, second = signed_in(kim), signed_in(eva)
    seen: Counter[int] = Counter()
    for _ in range(pairs):
        case = CaseFactory(counsellor=kim)
        actions.add_participation(case=case, counsellor=eva.counsellor, by=kim)
        one = FollowUp.objects.get(case=case)
        two = FollowUpFactory(case=case)
        codes = press_together(finish(first, case, one, two), finish(second, case, two, one))
        seen.update(codes)
        assert sorted(codes) in ([302, 409], [302, 422])
        assert FollowUp.objects.open().filter(case=case).count() == 1
    return seen


def test_two_finish_the_last_two_steps_at_once(committed_db, kim, eva):
    seen = finish_pairs(kim, eva, 20)

    assert seen[302] == 20
    assert not [code for code in seen if code >= 500]


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_300_pairs_finish_the_last_two_steps_at_once(committed_db, kim, eva):
    seen = finish_pairs(kim, eva, 300)

    print(f"300 pairs: {dict(seen)}")
    assert seen[302] == 300
    assert not [code for code in seen if code >= 500]


def test_one_submit_in_two_threads_makes_one_contact(committed_db, kim):
    for _ in range(10):
        case = CaseFactory(counsellor=kim)
        data = conversation(case)
        clients = [signed_in(kim), signed_in(kim)]
        codes = press_together(
            *[lambda c=c: c.post(f"/faelle/{case.number}/gespraech/", data) for c in clients]  # noqa: B023
        )

        assert codes == [302, 302]
        assert Contact.objects.filter(case=case).count() == 1


def test_a_conversation_and_the_end_of_the_case_at_once(committed_db, kim, eva):
    for _ in range(10):
        case = CaseFactory(counsellor=kim)
        actions.add_participation(case=case, counsellor=eva.counsellor, by=kim)
        data = conversation(case)
        talk, end = signed_in(eva), signed_in(kim)
        codes = press_together(
            lambda: talk.post(f"/faelle/{case.number}/gespraech/", data),  # noqa: B023
            lambda: end.post(f"/faelle/{case.number}/beenden/", {"reason": ClosingReason.MOVED, "text": ""}),  # noqa: B023
        )

        assert codes[0] in (302, 404, 409)
        assert codes[1] == 302
        case.refresh_from_db()
        assert not case.is_open


def test_two_windows_save_the_first_draft_at_once(committed_db, kim):
    for _ in range(10):
        case = CaseFactory(counsellor=kim)
        clients = [signed_in(kim), signed_in(kim)]
        bodies = [conversation(case, text=f"Fenster {n}", key=str(uuid.uuid4())) for n in (1, 2)]
        codes = press_together(
            *[
                lambda c=c, b=b: c.post(f"/faelle/{case.number}/gespraech/entwurf/", b)  # noqa: B023
                for c, b in zip(clients, bodies, strict=True)
            ]
        )

        assert sorted(codes) == [204, 409]


def test_setting_a_step_while_the_case_ends(committed_db, kim, eva):
    for _ in range(10):
        case = CaseFactory(counsellor=kim)
        actions.add_participation(case=case, counsellor=eva.counsellor, by=kim)
        step = {"next": "reminder", "next_date": f"{ahead(5):%d.%m.%Y}", "next_subject": "Nachsehen"}
        adds, ends = signed_in(eva), signed_in(kim)
        codes = press_together(
            lambda: adds.post(f"/faelle/{case.number}/schritte/neu/", step),  # noqa: B023
            lambda: ends.post(f"/faelle/{case.number}/beenden/", {"reason": ClosingReason.MOVED, "text": ""}),  # noqa: B023
        )

        assert codes[0] in (302, 404, 409)
        assert codes[1] == 302
