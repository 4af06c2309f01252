"""Addresses of what was agreed: German nouns without personal data (house style 14)."""

from django.urls import path

from agreements.views import handouts, histories, overview, places, steps, versions

app_name = "agreements"

urlpatterns = [
    path("vereinbarungen/", overview.agreement_list, name="agreement_list"),
    path("vereinbarungen/drucken/", overview.agreement_list_print, name="agreement_list_print"),
    path("sozialraum/", places.place_list, name="place_list"),
    path("sozialraum/suche/", places.place_search, name="place_search"),
    path("sozialraum/neu/", places.place_create, name="place_create"),
    path("sozialraum/<int:pk>/", places.place_edit, name="place_edit"),
    path("sozialraum/<int:pk>/stimmt/", places.place_confirm, name="place_confirm"),
    path("sozialraum/<int:pk>/ende/", places.place_end, name="place_end"),
    path("faelle/<slug:number>/wille/", histories.will_list, name="will_list"),
    path("faelle/<slug:number>/ressourcen/", histories.resource_list, name="resource_list"),
    path("faelle/<slug:number>/vereinbarung/fassungen/", versions.version_list, name="version_list"),
    path("faelle/<slug:number>/vereinbarung/fassungen/<int:version>/", versions.version_detail, name="version_detail"),
    path("faelle/<slug:number>/vereinbarung/schritte/<int:pk>/", steps.step_outcome, name="step_outcome"),
    path("faelle/<slug:number>/vereinbarung/mitgeben/", handouts.handout_create, name="handout_create"),
]
