"""What everybody sets for themselves: keys, appearance, reminders, password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casework.actions.account_events import record_account_event
from casework.actions.sessions import end_sessions, forget_session
from casework.enums import AccountEventKind
from casework.forms.account import SettingsForm
from casework.models import User
from casework.models.ladder import in_words, ladders_of_teams
from casework.permissions import can_see_team_lists, can_work_on_cases
from casework.views.acting import leave
from casework.views.common import answer_form, user_of
from casework.views.guard import keep


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Keys (WCAG 2.1.4), appearance and reminders, for one's own account alone."""
    user = user_of(request)
    initial = {name: getattr(user, name) for name in ("shortcuts_enabled", "remind_of_today")}
    form = SettingsForm(
        request.POST if request.method == "POST" else None,
        initial={**initial, "theme": user.theme or "system"},
        is_reminded=can_work_on_cases(user),
        leads=can_see_team_lists(user),
        ladder=_ladder_in_words(user),
    )
    if request.method == "POST" and form.is_valid():
        theme = form.cleaned_data["theme"].replace("system", "")
        User.objects.filter(pk=user.pk).update(**{**form.cleaned_data, "theme": theme})
        messages.success(request, "Gespeichert.")
        return leave(request, "casework:settings")
    return answer_form(request, "casework/settings.html", form)


def _ladder_in_words(user: User) -> list[str]:
    """After what time the own mail and that of whoever stands in come, by the ladder of the reader's team."""
    teams = [user.team_id] if user.team_id is not None else []
    return [sentence for _, _, rungs in ladders_of_teams(teams) for sentence in in_words(rungs)[:2]]


class PasswordChange(PasswordChangeView):
    """Django's own, in the look of the office; an unfit password answers 422 like every form."""

    template_name = "casework/password_change.html"
    success_url = reverse_lazy("casework:settings")

    def form_valid(self, form: Any) -> HttpResponse:
        user, earlier = user_of(self.request), self.request.session.session_key
        response = super().form_valid(form)
        ids: dict[str, Any] = {"user_id": user.pk, "by_id": user.pk, "request_id": getattr(self.request, "id", None)}
        record_account_event(AccountEventKind.PASSWORD_CHANGED, **ids)
        forget_session(earlier)  # this session goes on under another key
        keep(self.request, user.pk, timezone.now())
        others = end_sessions(except_key=str(self.request.session.session_key), **ids)
        told = " Alle anderen Sitzungen sind beendet." if others else ""
        messages.success(self.request, f"Das Passwort ist geändert.{told}")
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


password_change = require_http_methods(["GET", "POST"])(PasswordChange.as_view())
