"""How migrations let the database note changes of a table's rows: ids and names of columns, never what is in them.

Called again for a table whose columns have changed. One static function a table and kind, so that it is planned once.
"""

from casework.migrations._roles import as_guard, run

FUNCTION = """
CREATE OR REPLACE FUNCTION guard.{table}_{operation}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_author text[];
BEGIN
    IF session_user = {owner_name} AND current_setting('fallarbeit.filling', true) = 'on' THEN
        RETURN NULL;  -- a demonstration that is being filled: nobody did any of it
    END IF;
    IF NOT EXISTS (SELECT 1 FROM {rows}) THEN
        RETURN NULL;  -- nothing to note, so nobody has to be known: signing in writes down its time
    END IF;
    v_author := guard.author();
    INSERT INTO public.casework_changeevent (user_id, purpose, request_id, relation, operation, row_id, case_id, fields)
        SELECT v_author[1]::bigint, v_author[2], v_author[3], '{table}', '{operation}', {key}, {case}, {fields}
          FROM {rows};
    RETURN NULL;
END
$$;
"""
TRIGGERS = {
    "insert": "AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows",
    "update": "AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows",
}
# The account's own bookkeeping: each sign-in would be noted as a change of the account.
NOT_NOTED = {"casework_user": {"last_login", "password"}}


def note_changes(schema_editor, table):
    """Functions and triggers of one table, after its columns as they are now."""
    from django.conf import settings

    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
            " ORDER BY ordinal_position",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall()]
    key = "id" if "id" in columns else "user_id"
    case = "id" if table == "casework_case" else "case_id" if "case_id" in columns else None
    noted = [name for name in columns if name not in NOT_NOTED.get(table, ())]
    changed = ", ".join(
        f"CASE WHEN o.{name} IS DISTINCT FROM n.{name} THEN '{name}' END" for name in noted if name != key
    )
    fields = f"array_remove(ARRAY[{changed}]::varchar[], NULL)"
    rows = {
        "insert": ("n", "new_rows AS n", "'{}'::varchar[]"),
        "update": (
            "n",
            f"new_rows AS n JOIN old_rows AS o ON o.{key} = n.{key} WHERE cardinality({fields}) > 0",
            fields,
        ),
        "delete": ("o", "old_rows AS o", "'{}'::varchar[]"),
    }
    for operation, (alias, source, names) in rows.items():
        parts = {
            "table": table,
            "operation": operation,
            "owner_name": "'" + settings.DATABASES["owner"]["USER"] + "'",
            "key": f"{alias}.{key}",
            "case": f"{alias}.{case}" if case else "NULL::bigint",
            "fields": names,
            "rows": source,
        }
        text = FUNCTION
        for name, value in parts.items():
            text = text.replace("{" + name + "}", value)
        as_guard(
            schema_editor,
            text + f"REVOKE EXECUTE ON FUNCTION guard.{table}_{operation}() FROM PUBLIC;"
            f" GRANT EXECUTE ON FUNCTION guard.{table}_{operation}() TO {{owner}};",
        )
        run(
            schema_editor,
            f"CREATE OR REPLACE TRIGGER noted_{operation} {TRIGGERS[operation].replace('{table}', table)}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION guard.{table}_{operation}()",
        )
