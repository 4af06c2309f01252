"""What the web role may do with each table: nothing is deleted, named columns alone may change."""

from django.conf import settings
from django.db import migrations

RIGHTS = {
    "offers_provider": "SELECT, INSERT, UPDATE (name, about, address, website, email, phone, ended_at, ended_by_id)",
    "offers_providercontact": "SELECT, INSERT, UPDATE (name, role, phone, email, active)",
    "offers_supportkind": "SELECT, INSERT, UPDATE (text, active, position)",
    "offers_fundingbody": "SELECT, INSERT, UPDATE (name, active, position)",
    "offers_offerlegalbasis": "SELECT, INSERT, UPDATE (name, valid_from, valid_to, active)",
    "offers_offer": (
        "SELECT, INSERT, UPDATE (contact_id, possible, notice, assured_on, assured_by, withdrawn_at, withdrawn_by_id)"
    ),
    "offers_offerversion": (
        "SELECT, INSERT, UPDATE (name, support, supports, purpose, course, place, areas, start, start_dates, any_time,"
        " duration, hours_per_week, languages, accessibility, bring, requirements, funding_body_id, legal_basis_id,"
        " joining, valid_from, valid_to, writers, review_note, submitted_at, submitted_by_id, reviewed_at,"
        " reviewed_by_id, published_at, published_by_id, superseded_at, discarded_at, discarded_by_id)"
    ),
    "offers_offerevent": "SELECT, INSERT",
    "offers_offerremark": "SELECT, INSERT, UPDATE (answer, done_at, done_by_id)",
    "offers_offerchoice": (
        "SELECT, INSERT, UPDATE (agreement_id, withdrawn_at, withdrawn_by_id, ended_at, ended_by_id, changes_seen_at,"
        " changes_seen_by_id)"
    ),
    "offers_intentversion": "SELECT, INSERT, UPDATE (text)",
    "offers_participation": (
        "SELECT, INSERT, UPDATE (planned_from, planned_until, started_on, started_at, started_by_id, ended_on,"
        " ended_at, ended_by_id, version)"
    ),
    "offers_participationoutcome": "SELECT, INSERT, UPDATE (own_words, provider_words)",
    "offers_consent": "SELECT, INSERT, UPDATE (revoked_on, revoked_at, revoked_by_id)",
    "offers_group": "SELECT, INSERT, UPDATE (name, place, starts_on, ends_on, ended_at, ended_by_id)",
    "offers_grouptrainer": "SELECT, INSERT, DELETE",
    "offers_groupmember": "SELECT, INSERT, UPDATE (left_at, left_by_id)",
    "offers_groupdate": ("SELECT, INSERT, UPDATE (text, recorded_at, recorded_by_id, cancelled_at, cancelled_by_id)"),
    "offers_attendance": "SELECT, INSERT",
    "offers_demandnote": "SELECT, INSERT",
    "offers_demandreply": "SELECT, INSERT, UPDATE (need, text, offer_id, withdrawn_at, withdrawn_by_id)",
    "offers_demandreplynote": "SELECT, INSERT, DELETE",
}


def grant(apps, schema_editor):
    role = schema_editor.quote_name(settings.WEB_DATABASE_ROLE)
    for table, rights in RIGHTS.items():
        schema_editor.execute(f"REVOKE ALL ON {table} FROM {role}")
        schema_editor.execute(f"GRANT {rights} ON {table} TO {role}")
    schema_editor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")


class Migration(migrations.Migration):
    dependencies = [("offers", "0005_groups_stay")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
