"""What the database refuses here, in the words of the person who reads it; joined to the sentences of casework."""

from casework.actions.errors import CONFLICTS, SENTENCES, Conflict, StaleVersion

OWN: dict[str, tuple[str, str]] = {
    "will_not_blank": ("will_text", "Bitte schreiben Sie den Willen in den Worten der Person auf."),
    "resource_not_blank": ("resources", "Bitte nennen Sie die Ressource."),
    "agreement_goal_not_blank": ("ag_goal", "Bitte schreiben Sie das Ziel in den Worten der Person auf."),
    "agreement_employment_link_not_blank": (
        "ag_link",
        "Bitte schreiben Sie, was das mit Arbeit oder Ausbildung zu tun hat.",
    ),
    "agreement_step_not_blank": ("ag_steps", "Bitte schreiben Sie, was getan wird."),
    "agreement_has_a_step": ("ag_steps", "Bitte nennen Sie mindestens einen Schritt: Wer macht was?"),
    "step_names_whoever_else_does_it": ("ag_steps", "Bitte nennen Sie, wer den Schritt macht."),
    "review_of_agreement_is_ahead": ("ag_review", "Der Rückblick muss vor uns liegen. Bitte nennen Sie einen Tag."),
    "agreement_draws_on_standing_resource": (
        "resources",
        "Diese Ressource stimmt nicht mehr; die Vereinbarung kann sich nicht auf sie stützen.",
    ),
    "different_outcome_in_own_words": ("text", "Bitte schreiben Sie, wie es gekommen ist."),
    "social_place_once_in_its_space": ("name", "Diesen Ort gibt es im Verzeichnis schon."),
    "social_place_named": ("name", "Bitte nennen Sie den Ort."),
    "one_legal_regime_at_a_time": ("", "Für diese Zeit ist schon ein Rechtsstand eingetragen."),
}


class AgreementMoved(Conflict):
    """Somebody else concluded a version meanwhile."""

    message = (
        "Die Vereinbarung wurde inzwischen fortgeschrieben. Ihr Text steht noch hier; bitte sehen Sie sich die "
        "aktuelle Fassung an, bevor Sie abschließen."
    )


SENTENCES.update(OWN)
CONFLICTS.update(
    {
        "social_place_version_counts": StaleVersion,
        "ended_place_is_final": StaleVersion,
        "one_current_agreement_per_case": AgreementMoved,
        "agreement_number_once": AgreementMoved,
    }
)
