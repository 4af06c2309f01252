"""The guard: who asks, proven by a signature, and the lists of cases that follow from it (jobcenter.platform.context).

Everything here belongs to a role that nobody signs in with and that sees past row security. The functions are all that
others may use of it.
"""

from django.db import migrations

from casework.migrations._roles import as_guard, everything_to_guard

SQL = """
CREATE TABLE guard.context_key (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ipad bytea NOT NULL,
    opad bytea NOT NULL
);

CREATE FUNCTION guard.forget_keys() RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ DELETE FROM guard.context_key $$;

CREATE FUNCTION guard.install_key(p_ipad bytea, p_opad bytea) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ INSERT INTO guard.context_key (ipad, opad) VALUES (p_ipad, p_opad) $$;

-- HMAC with SHA-256 (RFC 2104) by what is in the core; any key of the installation may have signed.
CREATE FUNCTION guard.is_signed(p_text text, p_mac text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT 1 FROM guard.context_key AS k
         WHERE encode(sha256(k.opad || sha256(k.ipad || convert_to(p_text, 'UTF8'))), 'hex') = p_mac
    )
$$;

CREATE FUNCTION guard.sign(p_text text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT encode(sha256(k.opad || sha256(k.ipad || convert_to(p_text, 'UTF8'))), 'hex')
      FROM guard.context_key AS k ORDER BY k.id DESC LIMIT 1
$$;

-- The proven context: kind, user, purpose, request, time of the application, what it is bound to. NULL whenever
-- anything is missing, forged, bound to another transaction or connection, or over.
CREATE FUNCTION guard.context() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    told constant text := current_setting('fallarbeit.context', true);
    part text[];
BEGIN
    -- An unset value is NULL, and '' after its first use.
    IF told IS NULL OR told = '' THEN
        RETURN NULL;
    END IF;
    part := string_to_array(told, '|');
    IF cardinality(part) <> 8 THEN
        RETURN NULL;
    END IF;
    IF part[1] = 'x' THEN
        IF part[6] IS DISTINCT FROM pg_current_xact_id_if_assigned()::text THEN
            RETURN NULL;
        END IF;
    ELSIF part[1] = 'p' THEN
        IF part[6] IS DISTINCT FROM pg_backend_pid()::text OR part[3] = '' OR part[2] <> '0' THEN
            RETURN NULL;
        END IF;
    ELSE
        RETURN NULL;
    END IF;
    IF NOT guard.is_signed(left(told, -65), part[8]) THEN
        RETURN NULL;
    END IF;
    IF part[7]::bigint < extract(epoch FROM clock_timestamp()) * 1000000 THEN
        RETURN NULL;
    END IF;
    RETURN part;
END
$$;

-- The account that asks; NULL for nobody and for a disabled one.
CREATE FUNCTION guard.user_id() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ SELECT u.id FROM public.casework_user AS u WHERE u.id = (guard.context())[2]::bigint AND u.is_active $$;

-- For what named purpose more than one's own is touched; NULL for none.
CREATE FUNCTION guard.purpose() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ SELECT nullif((guard.context())[3], '') $$;

-- What each statement of the worker asks first.
CREATE FUNCTION guard.serves() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ SELECT coalesce((guard.context())[3], '') <> '' $$;

-- The cases of the person who asks: acting, readable or visible. Asked by each table of each statement, so the answer
-- stays with the transaction, signed like the context itself: the web role could write any list there.
CREATE FUNCTION guard.cases(p_kind text) RETURNS bigint[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    part constant text[] := guard.context();
    kept text;
    head text;
    who bigint;
    at timestamptz;
    found bigint[];
BEGIN
    IF part IS NULL OR part[2] = '0' THEN
        RETURN '{}';
    END IF;
    -- Bound to the very context: user, time and transaction are in it.
    head := p_kind || '|' || part[8] || '|';
    kept := current_setting('fallarbeit.cases_' || p_kind, true);
    IF kept <> '' AND starts_with(kept, head) AND guard.is_signed(left(kept, -65), right(kept, 64)) THEN
        RETURN substr(left(kept, -65), length(head) + 1)::bigint[];
    END IF;
    who := guard.user_id();
    IF who IS NULL THEN
        RETURN '{}';
    END IF;
    at := to_timestamp(part[5]::numeric / 1000000);
    found := CASE p_kind
        WHEN 'acting' THEN ARRAY(SELECT public.casework_acting_cases(who, at))
        WHEN 'readable' THEN ARRAY(SELECT public.casework_readable_cases(who, at))
        WHEN 'visible' THEN ARRAY(SELECT public.casework_visible_cases(who, at))
    END;
    PERFORM set_config('fallarbeit.cases_' || p_kind, head || found::text || '|' || guard.sign(head || found::text), true);
    RETURN found;
END
$$;

-- Whoever changes who is responsible, takes part, stands in or has a grant sees the new list in the same transaction.
CREATE FUNCTION guard.forget_cases() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM set_config('fallarbeit.cases_acting', '', true), set_config('fallarbeit.cases_readable', '', true),
            set_config('fallarbeit.cases_visible', '', true);
    RETURN NULL;
END
$$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA guard FROM PUBLIC;
GRANT EXECUTE ON FUNCTION guard.user_id(), guard.purpose(), guard.serves(), guard.cases(text) TO {web}, {worker}, {offers};
GRANT EXECUTE ON FUNCTION guard.forget_keys(), guard.install_key(bytea, bytea), guard.forget_cases() TO {owner};
"""

REVERSE = """
DROP FUNCTION guard.forget_cases(), guard.cases(text), guard.serves(), guard.purpose(), guard.user_id(), guard.context(),
    guard.sign(text), guard.is_signed(text, text), guard.install_key(bytea, bytea), guard.forget_keys();
DROP TABLE guard.context_key;
"""
CHANGE_WHO_SEES = (
    "casework_caseassignment",
    "casework_caseparticipation",
    "casework_substitution",
    "casework_accessgrant",
    "casework_case",
    "casework_rolegrant",
)


def forwards(apps, schema_editor):
    everything_to_guard(schema_editor)
    as_guard(schema_editor, SQL)
    for table in CHANGE_WHO_SEES:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_forget_cases AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION guard.forget_cases()"
        )


def backwards(apps, schema_editor):
    for table in CHANGE_WHO_SEES:
        schema_editor.execute(f"DROP TRIGGER {table}_forget_cases ON {table}")
    as_guard(schema_editor, REVERSE)


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0023_calendar_rules"),
        ("agreements", "0006_texts_that_show"),
        ("offers", "0009_trainers_stay_active"),
    ]
    operations = [migrations.RunPython(forwards, backwards)]
