from casework.models.absences import Absence, LocalDay, StandingSubstitute, Substitution, WorkPattern
from casework.models.access import AccessEvent, AccessGrant
from casework.models.cases import Case, CaseAssignment, CaseClosure, CaseParticipation, EmploymentStart
from casework.models.clients import Client, ClientDetail
from casework.models.contacts import Contact, ContactChannel, ContactParticipant, FileNote, NoteAddendum
from casework.models.digests import DigestMail, DigestRun
from casework.models.drafts import Draft
from casework.models.duties import DutyFact, DutyToCooperate, LegalBasis, LegalNotice
from casework.models.follow_ups import FollowUp, FollowUpChange
from casework.models.guidance import ReflectionGuide, RuleDocument
from casework.models.handovers import CaseHandover
from casework.models.imports import ImportLine, ImportRun
from casework.models.intakes import Intake
from casework.models.ladder import ReminderLadder
from casework.models.letters import CalendarFeed, LastVisit, Letter
from casework.models.people import Counsellor, Organisation, RoleGrant, Team, User
from casework.models.protection import EmergencyAccess, ProtectedReader, Protection
from casework.models.sign_in import AccountEvent, AccountNotice, DirectoryIdentity, GuessCount, OpenSession

__all__ = [
    "Absence",
    "AccessEvent",
    "AccessGrant",
    "AccountEvent",
    "AccountNotice",
    "CalendarFeed",
    "Case",
    "CaseAssignment",
    "CaseClosure",
    "CaseHandover",
    "CaseParticipation",
    "Client",
    "ClientDetail",
    "Contact",
    "ContactChannel",
    "ContactParticipant",
    "Counsellor",
    "DigestMail",
    "DigestRun",
    "DirectoryIdentity",
    "Draft",
    "DutyFact",
    "DutyToCooperate",
    "EmergencyAccess",
    "EmploymentStart",
    "FileNote",
    "FollowUp",
    "FollowUpChange",
    "GuessCount",
    "ImportLine",
    "ImportRun",
    "Intake",
    "LastVisit",
    "LegalBasis",
    "LegalNotice",
    "Letter",
    "LocalDay",
    "NoteAddendum",
    "OpenSession",
    "Organisation",
    "ProtectedReader",
    "Protection",
    "ReflectionGuide",
    "ReminderLadder",
    "RoleGrant",
    "RuleDocument",
    "StandingSubstitute",
    "Substitution",
    "Team",
    "User",
    "WorkPattern",
]
