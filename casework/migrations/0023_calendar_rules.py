"""A substitution remembers how far it once reached, so that a calendar can take back what it has told."""

import django.contrib.postgres.fields.ranges
from django.db import migrations, models

SQL = """
UPDATE casework_substitution SET widest = during;

CREATE FUNCTION casework_substitution_remembers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    -- Whatever the statement names: these three are written here and nowhere else.
    IF TG_OP = 'INSERT' THEN
        NEW.widest := NEW.during;
        NEW.revision := 0;
        NEW.narrowed := NULL;
    ELSIF (clock_timestamp() AT TIME ZONE 'Europe/Berlin')::date < lower(OLD.during) THEN
        -- Nobody has been told anything yet.
        NEW.widest := NEW.during;
        NEW.revision := OLD.revision;
        NEW.narrowed := NULL;
    ELSE
        NEW.widest := range_merge(OLD.widest, NEW.during);
        NEW.revision := OLD.revision + (NEW.during <> OLD.during)::int;
        NEW.narrowed := CASE WHEN NEW.during @> OLD.during THEN OLD.narrowed ELSE clock_timestamp() END;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER substitution_remembers BEFORE INSERT OR UPDATE ON casework_substitution
    FOR EACH ROW EXECUTE FUNCTION casework_substitution_remembers();
"""

REVERSE = """
DROP TRIGGER substitution_remembers ON casework_substitution;
DROP FUNCTION casework_substitution_remembers();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0022_handover_rules")]
    operations = [
        migrations.AddField(
            model_name="substitution",
            name="widest",
            field=django.contrib.postgres.fields.ranges.DateRangeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="substitution",
            name="revision",
            field=models.PositiveIntegerField(db_default=0, editable=False),
        ),
        migrations.AddField(
            model_name="substitution",
            name="narrowed",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(SQL, REVERSE),
    ]
