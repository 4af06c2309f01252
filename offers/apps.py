from django.apps import AppConfig


class OffersConfig(AppConfig):
    name = "offers"
    verbose_name = "Angebote"

    def ready(self) -> None:
        """Join what this room adds to the rooms below, which do not know it."""
        from agreements.handout.sheet import EXTRAS
        from casework.actions.parts import TAKEN_BACK
        from casework.enums import DigestKind, RoleName
        from casework.models import catalogue, invariants, timeline
        from casework.models.hangs_on import HANGS_ON
        from casework.models.reminders import TOLD_WEEKLY, Weekly
        from casework.views import wording
        from offers.actions.withdrawal import take_back
        from offers.hangs_on import led_groups
        from offers.models.catalogue import RULES
        from offers.models.invariants import OFFERED
        from offers.models.sheet import offer_groups
        from offers.models.stale import count_stale
        from offers.models.timeline import BRANCHES, TITLES

        catalogue.RULES.extend(RULES)
        invariants.INVARIANTS.extend(OFFERED)
        TAKEN_BACK.append(take_back)
        HANGS_ON.append(led_groups)
        EXTRAS.append(offer_groups)
        timeline.BRANCHES.update(BRANCHES)
        wording.TITLES.update(TITLES)
        TOLD_WEEKLY[DigestKind.OFFERS] = Weekly(RoleName.OFFER_MANAGER, count_stale)
