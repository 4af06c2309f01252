"""Row security on every table that carries a case or a person: the second line of access (design.md 4, 8; § 35 SGB I).

- The web role sees a row when its case is among those of the person who asks, and writes where they work. What lists and
  figures need is seen by the led team's lead as well; what a file holds only by whoever may open it now.
- The worker, and web in its role, sees and writes everything its rights allow, as long as a signed purpose stands.
- The offers' administration has no right on these tables at all. The guard and the copy see past row security.

Foreign keys and unique constraints see through row security; WITH CHECK therefore asks for the case of the row itself,
and the composite keys (case_id, …) tie every other key of the row to that case.
"""

from django.db import migrations

from casework.migrations._roles import hand_over, run, same_rights, take_back

# What lists, counts and figures are made of.
LISTED = (
    "casework_caseassignment",
    "casework_caseparticipation",
    "casework_caseclosure",
    "casework_followup",
    "agreements_agreement",
    "casework_accessgrant",
    "casework_casehandover",
    "casework_intake",
    "offers_groupmember",
)
# What only the file itself shows.
CONTENT = (
    "casework_contact",
    "casework_contactparticipant",
    "casework_noteaddendum",
    "casework_filenote",
    "casework_followupchange",
    "casework_employmentstart",
    "casework_dutytocooperate",
    "casework_dutyfact",
    "casework_letter",
    "agreements_willstatement",
    "agreements_resource",
    "agreements_resourcereview",
    "agreements_agreementstep",
    "agreements_agreementresource",
    "agreements_agreementhandout",
    "agreements_stepreminder",
    "agreements_stepoutcome",
    "offers_offerchoice",
    "offers_intentversion",
    "offers_participation",
    "offers_participationoutcome",
    "offers_consent",
    "offers_attendance",
)
PERSONS = ("casework_client", "casework_clientdetail")
OWN = ("casework_draft",)
ALL = ("casework_case", *LISTED, *CONTENT, *PERSONS, *OWN)

VISIBLE = "(SELECT guard.cases('visible'))::bigint[]"
READABLE = "(SELECT guard.cases('readable'))::bigint[]"
ACTING = "(SELECT guard.cases('acting'))::bigint[]"
# Read by the person's cases; ARRAY() makes it one question a statement.
PERSONS_SEEN = f"ARRAY(SELECT c.client_id FROM casework_case AS c WHERE c.id = ANY ({VISIBLE}))"  # noqa: S608
PERSONS_WRITTEN = f"ARRAY(SELECT c.client_id FROM casework_case AS c WHERE c.id = ANY ({ACTING}))"  # noqa: S608
# A draft may have no case yet; one with a case is seen by who stands in, and counted by the lead.
DRAFT_SEEN = f"author_id = (SELECT guard.user_id()) OR case_id = ANY ({VISIBLE})"
DRAFT_WRITTEN = f"author_id = (SELECT guard.user_id()) OR case_id = ANY ({ACTING})"


def rules():
    """Of each table: what is seen, what is inserted, what is changed."""
    yield "casework_case", f"id = ANY ({VISIBLE})", None, f"id = ANY ({ACTING})"
    for table in LISTED:
        yield table, f"case_id = ANY ({VISIBLE})", f"case_id = ANY ({ACTING})", f"case_id = ANY ({ACTING})"
    for table in CONTENT:
        yield table, f"case_id = ANY ({READABLE})", f"case_id = ANY ({ACTING})", f"case_id = ANY ({ACTING})"
    yield "casework_client", f"id = ANY ({PERSONS_SEEN})", None, f"id = ANY ({PERSONS_WRITTEN})"
    seen, written = f"client_id = ANY ({PERSONS_SEEN})", f"client_id = ANY ({PERSONS_WRITTEN})"
    yield "casework_clientdetail", seen, written, written
    yield "casework_draft", DRAFT_SEEN, "author_id = (SELECT guard.user_id())", DRAFT_WRITTEN


def forwards(apps, schema_editor):
    hand_over(schema_editor)
    same_rights(schema_editor)
    for table, seen, inserted, changed in rules():
        run(schema_editor, f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        run(schema_editor, f"CREATE POLICY seen ON {table} FOR SELECT TO {{web}} USING ({seen})")
        if inserted:
            run(schema_editor, f"CREATE POLICY inserted ON {table} FOR INSERT TO {{web}} WITH CHECK ({inserted})")
        run(
            schema_editor,
            f"CREATE POLICY changed ON {table} FOR UPDATE TO {{web}} USING ({changed}) WITH CHECK ({changed})",
        )
        run(schema_editor, f"CREATE POLICY deleted ON {table} FOR DELETE TO {{web}} USING ({changed})")
        run(
            schema_editor,
            f"CREATE POLICY served ON {table} TO {{worker}}"
            " USING ((SELECT guard.serves())) WITH CHECK ((SELECT guard.serves()))",
        )


def backwards(apps, schema_editor):
    for table, _, inserted, _ in rules():
        for policy in ("seen", "inserted", "changed", "deleted", "served"):
            if policy != "inserted" or inserted:
                run(schema_editor, f"DROP POLICY {policy} ON {table}")
        run(schema_editor, f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    take_back(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("casework", "0024_guard")]
    operations = [migrations.RunPython(forwards, backwards)]
