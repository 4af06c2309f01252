from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "agreements"
    verbose_name = "Vereinbarungen"

    def ready(self) -> None:
        """Join what this room adds to the rooms below, which do not know it."""
        from agreements.actions.withdrawal import take_back
        from agreements.forms.proposals import propose_for_case
        from agreements.models.catalogue import RULES
        from agreements.models.invariants import AGREED
        from agreements.models.timeline import BRANCHES, TITLES
        from casework.actions.parts import TAKEN_BACK
        from casework.forms.steps import PROPOSERS
        from casework.models import catalogue, invariants, timeline
        from casework.views import wording

        catalogue.RULES.extend(RULES)
        invariants.INVARIANTS.extend(AGREED)
        TAKEN_BACK.append(take_back)
        PROPOSERS.append(propose_for_case)
        timeline.BRANCHES.update(BRANCHES)
        wording.TITLES.update(TITLES)
