"""Whether a case may be opened is asked in two ways, of a set and of one case: both give the same answer."""

import datetime as dt

from django.db import connection
from django.utils import timezone

from casework.models import Case, CaseAssignment
from tests.factories import (
    AccessGrantFactory,
    CaseAssignmentFactory,
    CaseFactory,
    CaseParticipationFactory,
    ClosedCaseFactory,
    SubstitutionFactory,
)

COMPARED = """
SELECT u.id, c.id,
       c.id IN (SELECT casework_acting_cases(u.id, %(at)s)), casework_acts_on(u.id, c.id, %(at)s),
       c.id IN (SELECT casework_readable_cases(u.id, %(at)s)), casework_may_read(u.id, c.id, %(at)s)
  FROM casework_user AS u CROSS JOIN casework_case AS c
"""


def answers(at: dt.datetime) -> list[tuple[int, int, bool, bool, bool, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(COMPARED, {"at": at})
        return cursor.fetchall()


def test_one_case_is_answered_like_the_set(db, kim, eva, tom, nora):
    own = CaseFactory(counsellor=kim)
    handed_over = CaseFactory(counsellor=kim)
    CaseAssignmentFactory(case=handed_over, counsellor=eva)
    joint = CaseFactory(counsellor=nora)
    CaseParticipationFactory(case=joint, counsellor=kim)
    ended = ClosedCaseFactory(counsellor=eva)
    taken_up = CaseFactory(counsellor=kim, client=ended.client, previous_case=ended, opened_at=timezone.now())
    read = CaseFactory(counsellor=nora)
    AccessGrantFactory(user=kim, case=read)
    SubstitutionFactory(absent_user=nora, substitute=tom)
    strange = CaseFactory(counsellor=eva)
    now = timezone.now()

    for at in (now, now + dt.timedelta(days=30)):
        for user_id, case_id, in_acting, acts, in_readable, reads in answers(at):
            assert (in_acting, in_readable) == (acts, reads), (user_id, case_id)

    assert set(Case.objects.acted_on_by(kim)) == {own, joint, ended, taken_up}
    assert set(Case.objects.readable_by(kim)) == {own, joint, ended, taken_up, read}
    assert set(Case.objects.acted_on_by(tom)) == {joint, read}
    assert strange not in Case.objects.readable_by(kim)
    assert CaseAssignment.objects.filter(case=handed_over).count() == 2
