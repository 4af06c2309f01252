"""Addresses of calendar and letters; put into `casework.urls`."""

from django.urls import path

from casework.views import calendar, letters

urlpatterns = [
    path("kalender/", calendar.calendar, name="calendar"),
    path("kalender/adresse/", calendar.calendar_address, name="calendar_address"),
    path("kalender/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("briefe/", letters.letter_list, name="letter_list"),
    path("briefe/drucken/", letters.letter_print, name="letter_print"),
    path("briefe/verschickt/", letters.letter_sent, name="letter_sent"),
    path("briefe/nicht-verschickt/", letters.letter_not_sent, name="letter_not_sent"),
    path("faelle/<slug:number>/briefe/", letters.letter_archive, name="letter_archive"),
    path("faelle/<slug:number>/briefe/neu/", letters.letter_create, name="letter_create"),
    path("faelle/<slug:number>/briefe/<int:pk>/", letters.letter_pdf, name="letter_pdf"),
]
