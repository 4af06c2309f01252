"""A Bedarf is one sentence of a half-year, without any reference to anybody (R4.4-7)."""

import pytest
from django.db import models
from django.utils import timezone

from offers.models import DemandNote, DemandReply, DemandReplyNote
from tests import factories
from tests.offers.test_rules_offers import BLANK
from tests.rules import denied, refused, sql

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize(
    ("factory", "column", "rule"),
    [
        (factories.DemandNoteFactory, "text", "demand_not_blank"),
        (factories.DemandReplyFactory, "need", "demand_reply_names_need"),
        (factories.DemandReplyFactory, "text", "demand_reply_not_blank"),
    ],
)
def test_a_demand_and_what_came_of_it_are_in_words(factory, column, rule, blank):
    with refused(rule):
        factory(**{column: blank})


@pytest.mark.parametrize("half_year", ["2026-3", "2026-0", "26-1", "2026", "", "07/26"])
def test_its_time_is_a_half_year(half_year):
    with refused("demand_half_year_real"):
        factories.DemandNoteFactory(half_year=half_year)


def test_it_stays_as_it_was_written_and_nobody_deletes_it():
    factories.DemandNoteFactory()

    for statement in ("UPDATE offers_demandnote SET text = 'Anders'", "DELETE FROM offers_demandnote"):
        with denied():
            sql(statement)


def test_it_holds_nothing_but_a_random_key_the_half_year_and_the_sentence():
    """No key to anything, no moment, no number that counts up: nobody finds out who or when."""
    columns = {field.name: field for field in DemandNote._meta.concrete_fields}

    assert set(columns) == {"uuid", "half_year", "text"}
    assert isinstance(columns["uuid"], models.UUIDField) and columns["uuid"].default.__name__ == "uuid4"
    assert [
        model for model in (DemandReply, DemandReplyNote) if any("case" in f.name for f in model._meta.concrete_fields)
    ] == []


def test_a_reply_is_withdrawn_by_somebody():
    reply = factories.DemandReplyFactory()

    with refused("demand_reply_withdrawal_paired"):
        DemandReply.objects.filter(pk=reply.pk).update(withdrawn_at=timezone.now())
    with refused("demand_reply_withdrawal_paired"):
        DemandReply.objects.filter(pk=reply.pk).update(withdrawn_by=reply.by)


def test_a_reply_answers_a_sentence_once():
    answered = factories.DemandReplyNoteFactory()

    with refused("demand_answered_once_by_reply"):
        factories.DemandReplyNoteFactory(reply=answered.reply, note=answered.note)
