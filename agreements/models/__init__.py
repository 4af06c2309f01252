from agreements.models.agreements import Agreement, AgreementResource, AgreementStep, StepOutcome, StepReminder
from agreements.models.handouts import AgreementHandout, SheetWording
from agreements.models.places import SocialPlace, SocialSpace
from agreements.models.regimes import LegalRegime
from agreements.models.resources import Resource, ResourceField, ResourceReview
from agreements.models.wills import WillStatement

__all__ = [
    "Agreement",
    "AgreementHandout",
    "AgreementResource",
    "AgreementStep",
    "LegalRegime",
    "Resource",
    "ResourceField",
    "ResourceReview",
    "SheetWording",
    "SocialPlace",
    "SocialSpace",
    "StepOutcome",
    "StepReminder",
    "WillStatement",
]
