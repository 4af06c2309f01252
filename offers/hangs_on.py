"""Groups that somebody leads: an account is not switched off before another one leads each of them too."""

from django.db.models import Exists, OuterRef
from django.urls import reverse

from casework.actions.errors import SENTENCES
from casework.models.hangs_on import Hanging
from offers.models import Group, GroupTrainer

SENTENCES.update(
    {
        "user_with_groups_stays_active": (
            "is_active",
            "Diese Person leitet eine Gruppe allein. Bitte erst jemanden zur Leitung dazunehmen.",
        ),
        "trainer_is_active": ("trainers", "Dieses Konto ist nicht mehr aktiv. Bitte wählen Sie eine andere IFK."),
    }
)


def led_groups(user_id: int) -> list[Hanging]:
    """Running groups without another trainer who has an account."""
    trainers = GroupTrainer.objects.filter(group=OuterRef("pk"))
    others = trainers.exclude(counsellor=user_id).filter(counsellor__user__is_active=True)
    led = Group.objects.filter(Exists(trainers.filter(counsellor=user_id)), ended_at=None)
    return [Hanging(led.exclude(Exists(others)).count(), "Gruppe", "Gruppen", reverse("offers:groups"))]
