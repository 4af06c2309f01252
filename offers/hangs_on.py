"""Groups that somebody leads: an account is not switched off while one of them is running."""

from django.urls import reverse

from casework.models.hangs_on import Hanging
from offers.models import GroupTrainer


def led_groups(user_id: int) -> list[Hanging]:
    count = GroupTrainer.objects.filter(counsellor_id=user_id, group__ended_at=None).count()
    return [Hanging(count, "Gruppe", "Gruppen", reverse("offers:groups"))]
