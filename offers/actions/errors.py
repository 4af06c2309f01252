"""What the database refuses here, in the words of the person who reads it; joined to the sentences of casework."""

from collections.abc import Sequence

from casework.actions.errors import CONFLICTS, SENTENCES, Conflict, RuleBroken, StaleVersion

SECOND_PERSON = "Prüfen muss jemand, der an dieser Fassung nicht geschrieben hat."

OWN: dict[str, tuple[str, str]] = {
    # Träger and the lists of the house
    "provider_named": ("name", "Bitte nennen Sie den Träger."),
    "provider_named_once": ("name", "Diesen Träger gibt es schon."),
    "provider_contact_named": ("name", "Bitte nennen Sie die Person."),
    "funding_body_named": ("name", "Bitte nennen Sie den Kostenträger."),
    "offer_legal_basis_named": ("name", "Bitte nennen Sie die Rechtsgrundlage."),
    "offer_legal_basis_period": ("valid_to", "„gilt bis“ liegt vor „gilt ab“."),
    "support_kind_named": ("text", "Bitte geben Sie der Art der Unterstützung einen Namen."),
    "support_kind_has_code": ("code", "Bitte geben Sie ein Kürzel an."),
    # Offers
    "offer_named": ("name", "Bitte geben Sie dem Angebot einen Namen."),
    "offer_period_real": ("valid_to", "„gilt bis“ liegt vor „gilt ab“."),
    "offer_hours_real": ("hours_per_week", "Bitte nennen Sie zwischen 0,5 und 60 Stunden in der Woche."),
    "offer_languages_known": ("languages", "Diese Sprache kennt die Liste nicht."),
    "offer_version_second_person": ("", SECOND_PERSON),
    "offer_version_keeps_its_writers": ("", "Wer an einer Fassung geschrieben hat, bleibt dort genannt."),
    "offer_version_knows_its_words": (
        "supports",
        "Diese Art der Unterstützung oder diesen Sozialraum gibt es nicht mehr. Bitte wählen Sie neu.",
    ),
    "published_offer_is_complete": ("", "Die Beschreibung ist noch nicht vollständig."),
    "offer_immediate_is_fixed": (
        "immediate",
        "Träger und „Sofortangebot“ stehen von Anfang an fest. Bitte legen Sie ein neues Angebot an.",
    ),
    "offer_history_stays": ("", "Was mit einem Angebot geschah, bleibt stehen."),
    "offer_remark_not_blank": ("text", "Bitte schreiben Sie den Hinweis."),
    "demand_not_blank": ("text", "Bitte schreiben Sie, welches Angebot fehlt."),
    "demand_reply_names_need": ("need", "Bitte nennen Sie den Bedarf."),
    "demand_reply_not_blank": ("text", "Bitte schreiben Sie, was daraus wurde."),
    # Choices
    "intent_not_blank": ("intent", "Bitte schreiben Sie die Absicht: Wozu wählt die Person dieses Angebot?"),
    "choice_has_an_intent": ("intent", "Bitte schreiben Sie die Absicht: Wozu wählt die Person dieses Angebot?"),
    "choice_after_look_at_resources": (
        "",
        "Vor einem Angebot steht der Blick auf die eigenen Ressourcen. Bitte schauen Sie sie gemeinsam an.",
    ),
    "choice_serves_agreement": ("", "Ein Angebot wird für ein Ziel der Vereinbarung gewählt."),
    "chosen_offer_is_published": ("", "Dieses Angebot steht inzwischen nicht mehr im Katalog."),
    "offer_chosen_once_at_a_time": ("", "Dieses Angebot hat die Person schon gewählt."),
    "participation_of_standing_choice": ("", "Diese Wahl wurde inzwischen zurückgenommen."),
    "participation_ends_after_its_start": ("ended_on", "Das Ende liegt vor dem Beginn."),
    "participation_planned_in_order": ("planned_until", "„geplant bis“ liegt vor „geplant ab“."),
    "one_outcome_per_choice_and_conversation": ("", "Was daraus wurde, ist für dieses Gespräch schon eingetragen."),
    "consent_names_with_whom": ("with_whom", "Bitte nennen Sie, mit wem gesprochen werden darf."),
    "consent_names_purpose": ("purpose", "Bitte schreiben Sie, wofür."),
    "consent_revoked_after_given": ("revoked_on", "Der Widerruf liegt vor der Einwilligung."),
    # Groups
    "member_chose_the_group": ("", "Diese Person hat das Angebot der Gruppe nicht gewählt."),
    "group_has_sixteen_places": ("", "In dieser Gruppe sind schon 16 Menschen."),
    "trainer_is_of_the_jobakademie": ("", "Eine Gruppe leiten Spezial-IFK der Jobakademie."),
    "group_date_is_recorded_once": ("", "Dieser Termin ist schon eingetragen."),
}


class OfferWithdrawn(Conflict):
    message = "Dieses Angebot wurde zurückgezogen; daran ändert sich nichts mehr."


class VersionMoved(Conflict):
    """Somebody took the next step with this version meanwhile."""

    message = "Mit dieser Fassung ist inzwischen etwas geschehen. Bitte sehen Sie sich den jetzigen Stand an."


class DraftExists(Conflict):
    message = "Zu diesem Angebot gibt es schon eine Fassung, an der gearbeitet wird."


class Incomplete(RuleBroken):
    """A description that cannot be published yet; `gaps`: one sentence for each thing that is missing."""

    heading = "Diese Fassung kann noch nicht veröffentlicht werden."

    def __init__(self, gaps: Sequence[str]) -> None:
        super().__init__(" ".join((self.heading, *gaps)))
        self.gaps = list(gaps)


# What stands there already was put by another room in the words of its own form.
SENTENCES.update({name: sentence for name, sentence in OWN.items() if name not in SENTENCES})
CONFLICTS.update(
    {
        "offer_version_is_final": VersionMoved,
        "offer_is_withdrawn_once": OfferWithdrawn,
        "withdrawn_offer_is_not_published": OfferWithdrawn,
        "one_draft_per_offer": DraftExists,
        "offer_version_number_once": DraftExists,
        "one_published_version_per_offer": VersionMoved,
        "choice_is_final": StaleVersion,
        "participation_is_final": StaleVersion,
    }
)
