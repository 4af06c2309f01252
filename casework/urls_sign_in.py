"""One's own account: second factors and sessions."""

from django.urls import path

from casework.views import factors, sessions

urlpatterns = [
    path("konto/zweiter-faktor/", factors.factor_list, name="factor_list"),
    path("konto/zweiter-faktor/einrichten/", factors.factor_choose, name="factor_choose"),
    path("konto/zweiter-faktor/app/", factors.factor_app, name="factor_app"),
    path("konto/zweiter-faktor/schluessel/", factors.factor_key, name="factor_key"),
    path("konto/zweiter-faktor/codes/", factors.factor_codes, name="factor_codes"),
    path("konto/zweiter-faktor/<int:pk>/entfernen/", factors.factor_remove, name="factor_remove"),
    path("konto/sitzungen/", sessions.session_list, name="session_list"),
    path("konto/sitzungen/andere/beenden/", sessions.session_end_others, name="session_end_others"),
    path("konto/sitzungen/<int:pk>/beenden/", sessions.session_end, name="session_end"),
    path("konto/sitzung/", sessions.session_left, name="session_left"),
]
