"""Addresses of the offers: German nouns, no personal data."""

from offers.views import catalogue, choices, groups

app_name = "offers"
urlpatterns = [*catalogue.URLS, *choices.URLS, *groups.URLS]
