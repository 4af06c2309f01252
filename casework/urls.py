"""Addresses of people and files: German nouns without personal data (house style 14)."""

from django.urls import path

from casework.views import (
    absences,
    access,
    account,
    assignments,
    case_list,
    contacts,
    duties,
    ending,
    follow_ups,
    intakes,
    notes,
    opening,
    overdue,
    people,
    reminders,
)

app_name = "casework"

urlpatterns = [
    path("faelle/", case_list.case_list, name="case_list"),
    path("faelle/suche/", case_list.case_search, name="case_search"),
    path("tag/", follow_ups.day_check, name="day_check"),
    # Before the addresses of a case: "neu" and "ueberfaellig" are no case numbers.
    path("faelle/neu/", opening.case_open, name="case_open"),
    path("faelle/ueberfaellig/", overdue.overdue_list, name="overdue_list"),
    path("faelle/<slug:number>/beenden/", ending.case_end, name="case_end"),
    path("faelle/<slug:number>/wieder-aufnehmen/", ending.case_resume, name="case_resume"),
    path("faelle/<slug:number>/stammdaten/", people.client_edit, name="client_edit"),
    path("faelle/<slug:number>/stammdaten/angabe/", people.client_detail_create, name="client_detail_create"),
    path("faelle/<slug:number>/stammdaten/angabe/<int:pk>/", people.client_detail_end, name="client_detail_end"),
    path("faelle/<slug:number>/arbeit/", people.employment_start_create, name="employment_start_create"),
    path(
        "faelle/<slug:number>/arbeit/<int:pk>/zuruecknehmen/",
        people.employment_start_withdraw,
        name="employment_start_withdraw",
    ),
    path("faelle/<slug:number>/mitwirkende/", assignments.participation_edit, name="participation_edit"),
    path("faelle/<slug:number>/mitwirkende/<int:pk>/ende/", assignments.participation_end, name="participation_end"),
    path("faelle/<slug:number>/zustaendigkeit/", assignments.assignment_change, name="assignment_change"),
    path("faelle/<slug:number>/kontakte/<int:pk>/", contacts.contact_detail, name="contact_detail"),
    path("faelle/<slug:number>/kontakte/<int:pk>/drucken/", contacts.contact_print, name="contact_print"),
    path("faelle/<slug:number>/kontakte/<int:pk>/nachtrag/", notes.addendum_create, name="addendum_create"),
    path("faelle/<slug:number>/kontakte/<int:pk>/falsche-akte/", notes.contact_withdraw, name="contact_withdraw"),
    path("faelle/<slug:number>/notizen/neu/", notes.file_note_create, name="file_note_create"),
    path("faelle/<slug:number>/notizen/<int:pk>/falsche-akte/", notes.file_note_withdraw, name="file_note_withdraw"),
    path("faelle/<slug:number>/drucken/", contacts.timeline_print, name="timeline_print"),
    path("faelle/<slug:number>/schritte/neu/", follow_ups.follow_up_create, name="follow_up_create"),
    path("faelle/<slug:number>/schritte/<int:pk>/erledigt/", follow_ups.follow_up_complete, name="follow_up_complete"),
    path(
        "faelle/<slug:number>/schritte/<int:pk>/verschieben/", follow_ups.follow_up_postpone, name="follow_up_postpone"
    ),
    path("faelle/<slug:number>/schritte/<int:pk>/aendern/", follow_ups.follow_up_change, name="follow_up_change"),
    path(
        "faelle/<slug:number>/schritte/<int:pk>/nicht-stattgefunden/",
        follow_ups.follow_up_missed,
        name="follow_up_missed",
    ),
    path("faelle/<slug:number>/schritte/<int:pk>/rueckgaengig/", follow_ups.follow_up_undo, name="follow_up_undo"),
    path("faelle/<slug:number>/mitwirkung/", duties.duty_list, name="duty_list"),
    path("faelle/<slug:number>/mitwirkung/neu/", duties.duty_create, name="duty_create"),
    path("faelle/<slug:number>/mitwirkung/<int:pk>/", duties.duty_detail, name="duty_detail"),
    path("faelle/<slug:number>/mitwirkung/<int:pk>/zuruecknehmen/", duties.duty_withdraw, name="duty_withdraw"),
    path(
        "faelle/<slug:number>/mitwirkung/<int:pk>/angaben/<int:fact_pk>/zuruecknehmen/",
        duties.duty_fact_withdraw,
        name="duty_fact_withdraw",
    ),
    path("anlass/", access.access_lookup, name="access_lookup"),
    path("faelle/<slug:number>/anlass/", access.access_record, name="access_record"),
    path("faelle/<slug:number>/lesen/", access.access_read, name="access_read"),
    path("vertretungen/", absences.absence_list, name="absence_list"),
    path("vertretungen/neu/", absences.absence_create, name="absence_create"),
    path("vertretungen/<int:pk>/ende/", absences.absence_end, name="absence_end"),
    path("erinnerungen/", reminders.reminder_list, name="reminder_list"),
    path("erinnerungen/schicken/", reminders.reminder_send, name="reminder_send"),
    path("entwuerfe/<int:pk>/", access.draft_adopt, name="draft_adopt"),
    path("entwuerfe/<int:pk>/verwerfen/", access.draft_discard, name="draft_discard"),
    # new people
    path("zugaenge/", intakes.intake_list, name="intake_list"),
    path("zugaenge/neu/", intakes.intake_create, name="intake_create"),
    path("zugaenge/<int:pk>/", intakes.intake_assign, name="intake_assign"),
    path("zugaenge/<int:pk>/zuruecknehmen/", intakes.intake_withdraw, name="intake_withdraw"),
    path("einstellungen/", account.settings, name="settings"),
    path("einstellungen/passwort/", account.password_change, name="password_change"),
]
