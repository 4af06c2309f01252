from django.urls import path

from jobcenter.screens import (
    case_file,
    caseload,
    caseload_lists,
    conversation,
    drafts,
    news,
    shared,
    sign_in,
    together,
)

app_name = "screens"
urlpatterns = [
    path("", sign_in.home, name="today"),
    path("neues/", news.news, name="news"),
    path("neues/gelesen/", news.news_read, name="news_read"),
    path("fallbestand/", caseload.caseload, name="caseload"),
    path("fallbestand/liste/", caseload_lists.caseload_list, name="caseload_list"),
    # Before the addresses of a case: this is no case number.
    path("faelle/ohne-naechsten-termin/", caseload_lists.without_next, name="without_next"),
    path("faelle/<slug:number>/", case_file.case_file, name="case_file"),
    path("faelle/<slug:number>/gespraech/", conversation.conversation, name="conversation"),
    path("faelle/<slug:number>/gespraech/entwurf/", drafts.draft_save, name="draft_save"),
    path("faelle/<slug:number>/gespraech/vorschlag/", conversation.next_date_proposal, name="next_date_proposal"),
    path("faelle/<slug:number>/gespraech/angebote/", conversation.talk_offers, name="talk_offers"),
    path("faelle/<slug:number>/gemeinsam/", shared.shared_view, name="shared_view"),
    path("faelle/<slug:number>/gemeinsam/entwurf/", shared.shared_draft_save, name="shared_draft_save"),
    path("gespraech-mehrere/", together.together, name="together"),
    path("faelle/neu/entwurf/", drafts.draft_save_opening, name="draft_save_opening"),
]
