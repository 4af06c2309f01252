from offers.models.choices import Consent, IntentVersion, OfferChoice, Participation, ParticipationOutcome
from offers.models.demands import DemandNote, DemandReply, DemandReplyNote
from offers.models.groups import MOST_MEMBERS, Attendance, Group, GroupDate, GroupMember, GroupTrainer
from offers.models.offers import CONTENT, Offer, OfferEvent, OfferRemark, OfferVersion
from offers.models.providers import FundingBody, OfferLegalBasis, Provider, ProviderContact, SupportKind

__all__ = [
    "CONTENT",
    "MOST_MEMBERS",
    "Attendance",
    "Consent",
    "DemandNote",
    "DemandReply",
    "DemandReplyNote",
    "FundingBody",
    "Group",
    "GroupDate",
    "GroupMember",
    "GroupTrainer",
    "IntentVersion",
    "Offer",
    "OfferChoice",
    "OfferEvent",
    "OfferLegalBasis",
    "OfferRemark",
    "OfferVersion",
    "Participation",
    "ParticipationOutcome",
    "Provider",
    "ProviderContact",
    "SupportKind",
]
