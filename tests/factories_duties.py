"""What the law demands, in the smallest valid form. Tests take these from `tests.factories`."""

import datetime as dt

import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from casework import models
from casework.enums import DutyFactKind
from tests.factories import CaseFactory, RecordFactory, ago


class LegalBasisFactory(RecordFactory):
    """In force since last year, without an end."""

    class Meta:
        model = models.LegalBasis

    paragraph = factory.Sequence("§ {} SGB II (Probe)".format)
    title = "Meldung nach Aufforderung"
    during = factory.LazyFunction(lambda: DateRange(timezone.localdate() - dt.timedelta(days=365), None))


class LegalNoticeFactory(RecordFactory):
    class Meta:
        model = models.LegalNotice

    legal_basis = factory.SubFactory(LegalBasisFactory)
    version = factory.Sequence("Fassung {}".format)
    text = "Wortlaut, wie ihn das Haus vorgibt."
    during = factory.SelfAttribute("legal_basis.during")


class DutyToCooperateFactory(RecordFactory):
    """A demand recorded yesterday, without Rechtsfolgenbelehrung; the trait `with_notice` gives it one."""

    class Meta:
        model = models.DutyToCooperate

    class Params:
        with_notice = factory.Trait(
            notice=factory.SubFactory(LegalNoticeFactory, legal_basis=factory.SelfAttribute("..legal_basis"))
        )

    case = factory.SubFactory(CaseFactory)
    legal_basis = factory.SubFactory(LegalBasisFactory)
    demand = "Am Montag um 10 Uhr in Zimmer 12 melden."
    recorded_at = factory.LazyFunction(lambda: ago(days=1))
    recorded_by = factory.SelfAttribute("case.opened_by")


class DutyFactFactory(RecordFactory):
    class Meta:
        model = models.DutyFact

    class Params:
        reason = factory.Trait(kind=DutyFactKind.REASON, text="Der Bus fiel aus.")

    duty = factory.SubFactory(DutyToCooperateFactory)
    case = factory.SelfAttribute("duty.case")
    kind = DutyFactKind.POSTED
    happened_on = factory.LazyFunction(timezone.localdate)
    recorded_by = factory.SelfAttribute("duty.recorded_by")
