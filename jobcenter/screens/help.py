"""Help: what the office is for, where the rules stand, which keys there are."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.models import ReflectionGuide, RuleDocument
from casework.permissions import can_access_for_reason
from casework.views.common import user_of


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The concept and its version, the rule documents of the house (R1-1), the Orientierungsschema."""
    context = {
        "documents": RuleDocument.objects.all(),
        "guide": ReflectionGuide.objects.first(),
        "may_access": can_access_for_reason(user_of(request)),
    }
    return render(request, "help/index.html", context)


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    return render(request, "help/keys.html")


@login_not_required
@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """Declaration on accessibility (§ 9b NBGG); readable without an account."""
    return render(request, "help/accessibility.html")
