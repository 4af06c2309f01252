"""Will and resources stand in the person's words, come with a conversation, and stay (R3.1-1, R3.2-2)."""

import pytest
from django.utils import timezone

from agreements.models import Resource, WillStatement
from jobcenter.platform.words import says
from tests import factories
from tests.rules import accepted, refused, sql

pytestmark = pytest.mark.django_db

# Whatever the database takes for white space; Python's strip() agrees (U+00A0, U+2003, U+202F, U+3000).
BLANK = ["", "   ", "\n", "\t\r\n", "\u00a0", "\u2003\u202f\u3000"]
# Characters without width are no white space for PostgreSQL and strip(), and yet they say nothing.
ZERO_WIDTH = ["\u200b", "\ufeff", "\u2060"]


def end(resource, contact=None, **changed):
    """The resource is no longer true, as said in a conversation."""
    contact = contact or factories.ContactFactory(case=resource.case)
    fields = {"ended_at": timezone.now(), "ended_by": contact.author, "ended_in": contact} | changed
    Resource.objects.filter(pk=resource.pk).update(**fields)
    return contact


@pytest.fixture
def contact(case):
    return factories.ContactFactory(case=case)


@pytest.fixture
def resource(case):
    return factories.ResourceFactory(case=case)


# --- in own words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", BLANK, ids=ascii)
def test_a_will_that_says_nothing_is_refused(contact, blank):
    with refused("will_not_blank"):
        factories.WillStatementFactory(contact=contact, text=blank)
    with refused("will_not_blank"):
        sql(
            "INSERT INTO agreements_willstatement (case_id, contact_id, life_idea, text, own_activity, by_id)"
            " VALUES (%s, %s, 'Ein Haus', %s, 'Viel', %s)",
            [contact.case_id, contact.pk, blank, contact.author_id],
        )


@pytest.mark.parametrize("blank", BLANK, ids=ascii)
def test_a_resource_that_says_nothing_is_refused(contact, blank):
    row = Resource(case=contact.case, contact=contact, text=blank, by=contact.author)

    with refused("resource_not_blank"):
        factories.ResourceFactory(contact=contact, text=blank)
    with refused("resource_not_blank"):
        Resource.objects.bulk_create([row])


@pytest.mark.parametrize("text", ZERO_WIDTH, ids=ascii)
def test_what_shows_nothing_says_nothing(contact, text):
    assert text.strip() == text
    assert not says(text)

    with refused("will_not_blank"):
        factories.WillStatementFactory(contact=contact, text=text)
    with accepted():
        factories.WillStatementFactory(contact=contact, text=f"{text}ß")


def test_a_will_without_own_activity_is_explored_together(contact):
    with accepted():
        factories.WillStatementFactory(contact=contact, own_activity="")


# --- once in a conversation, versions over time ------------------------------------------------------------


def test_a_conversation_brings_one_will(contact):
    factories.WillStatementFactory(contact=contact)

    with refused("one_will_per_conversation"):
        factories.WillStatementFactory(contact=contact)
    with accepted():
        factories.WillStatementFactory(case=contact.case)


def test_a_conversation_looks_at_the_resources_once(contact):
    factories.ResourceReviewFactory(contact=contact)

    with refused("one_resource_review_per_conversation"):
        factories.ResourceReviewFactory(contact=contact)
    with accepted():
        factories.ResourceReviewFactory(case=contact.case)


def test_a_conversation_brings_as_many_resources_as_it_names(contact):
    with accepted():
        for _ in range(3):
            factories.ResourceFactory(contact=contact)


def test_words_do_not_change_afterwards(case):
    will, resource = factories.WillStatementFactory(case=case), factories.ResourceFactory(case=case)

    for change in (
        lambda: WillStatement.objects.update(text="Anders"),
        lambda: WillStatement.objects.update(text="", own_activity="", life_idea=""),
        lambda: sql("UPDATE agreements_willstatement SET own_activity = 'Mehr'"),
        lambda: WillStatement(pk=will.pk, life_idea="Ein Haus").save(update_fields=["life_idea"]),
        lambda: Resource.objects.filter(pk=resource.pk).update(text="Anders"),
        lambda: Resource.objects.filter(pk=resource.pk).update(text=""),
        lambda: Resource.objects.bulk_update([Resource(pk=resource.pk, text="Anders")], ["text"]),
    ):
        with refused("record_is_final"):
            change()


# --- a resource ends once ----------------------------------------------------------------------------------


def test_a_resource_ends_in_a_conversation_by_somebody(resource, contact):
    ends = {"ended_at": timezone.now(), "ended_by": contact.author, "ended_in": contact}

    for left_out in ends:
        with refused("resource_end_is_complete"):
            end(resource, contact, **{left_out: None})
    with accepted():
        end(resource, contact)


def test_a_resource_ends_once(resource, contact):
    end(resource, contact)

    with refused("record_is_final"):
        end(resource)
    with refused("record_is_final"):
        end(resource, contact, ended_at=timezone.now())


def test_a_resource_does_not_come_back_while_its_end_stands_in_the_file(resource):
    end(resource)

    with refused("record_is_final"):
        Resource.objects.filter(pk=resource.pk).update(ended_at=None, ended_by=None, ended_in=None)


def test_a_resource_comes_back_with_the_conversation_that_ended_it(resource):
    contact = end(resource)

    with accepted():
        factories.withdraw(contact)

    resource.refresh_from_db()
    assert (resource.ended_at, resource.text) == (None, "Ein Onkel mit einer Werkstatt")
    with accepted():
        end(resource)


@pytest.mark.parametrize("at", [{"days": -1}, {"days": 9}], ids=["ahead", "before it was named"])
def test_a_resource_ends_now(resource, at):
    with refused("resource_ends_now"):
        end(resource, ended_at=factories.ago(**at))


@pytest.mark.parametrize("at", ["infinity", "-infinity"])
def test_a_resource_ends_at_a_real_moment(resource, contact, at):
    with refused("resource_ends_now"):
        sql(
            "UPDATE agreements_resource SET ended_at = %s, ended_by_id = by_id, ended_in_id = %s WHERE id = %s",
            [at, contact.pk, resource.pk],
        )


def test_a_resource_does_not_begin_with_an_end_that_is_none(case, contact):
    with refused("resource_ends_now"):
        factories.ResourceFactory(case=case, ended_at=factories.ago(days=-1), ended_by=case.opened_by, ended_in=contact)


def test_a_resource_does_not_end_in_a_conversation_that_was_taken_out_of_the_file(case, resource, contact):
    factories.withdraw(contact)

    with refused("record_is_final"):
        end(resource, contact)
    with refused("record_is_final"):
        factories.ResourceFactory(case=case, ended_at=timezone.now(), ended_by=case.opened_by, ended_in=contact)


# --- recorded now, in a conversation that stands -----------------------------------------------------------

BROUGHT = [
    factories.WillStatementFactory,
    factories.ResourceFactory,
    factories.ResourceReviewFactory,
    factories.AgreementFactory,
    factories.StepOutcomeFactory,
    factories.AgreementHandoutFactory,
]
IN_CONVERSATION = [factory for factory in BROUGHT if factory is not factories.AgreementHandoutFactory]


@pytest.mark.parametrize("factory", BROUGHT, ids=lambda factory: factory.__name__)
def test_nothing_is_recorded_ahead(factory):
    with refused("what_was_agreed_is_recorded_now"):
        factory(at=factories.ago(days=-1))


@pytest.mark.parametrize("at", ["infinity", "-infinity"])
def test_nothing_is_recorded_at_no_moment(contact, at):
    with refused("what_was_agreed_is_recorded_now"):
        sql(
            "INSERT INTO agreements_resource (case_id, contact_id, text, at, by_id)"
            " VALUES (%s, %s, 'Ein Auto', %s, %s)",
            [contact.case_id, contact.pk, at, contact.author_id],
        )


@pytest.mark.parametrize("factory", IN_CONVERSATION, ids=lambda factory: factory.__name__)
def test_nothing_is_added_to_a_conversation_that_was_taken_out_of_the_file(case, contact, factory):
    given = {"step": factories.first_step(factories.AgreementFactory(case=case))} if "Outcome" in str(factory) else {}
    factories.withdraw(contact)

    with refused("record_is_final"):
        factory(contact=contact, **given)
