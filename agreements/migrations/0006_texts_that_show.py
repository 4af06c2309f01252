"""A text that shows nothing says nothing: characters without width count as blank where a text is asked for.

The class is that of `jobcenter.platform.words`.
"""

from django.db import migrations

SQL = r"""
-- Texts of a new row hold something. TG_ARGV: column, rule, column, rule …
-- A CHECK would forbid the blanking of a withdrawn conversation.
CREATE OR REPLACE FUNCTION agreements_texts_not_blank() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    FOR i IN 0 .. TG_NARGS - 1 BY 2 LOOP
        IF (to_jsonb(NEW) ->> TG_ARGV[i]) !~ '[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]' THEN
            PERFORM casework_refuse(TG_ARGV[i + 1]);
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;
"""

REVERSE = r"""
-- Texts of a new row hold something. TG_ARGV: column, rule, column, rule …
-- A CHECK would forbid the blanking of a withdrawn conversation.
CREATE OR REPLACE FUNCTION agreements_texts_not_blank() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    FOR i IN 0 .. TG_NARGS - 1 BY 2 LOOP
        IF (to_jsonb(NEW) ->> TG_ARGV[i]) !~ '\S' THEN
            PERFORM casework_refuse(TG_ARGV[i + 1]);
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0005_reference_data")]
    operations = [migrations.RunSQL(SQL, REVERSE)]
