"""Pages leave out most of the indentation of their source, and nothing that people wrote."""

from django.template import engines
from django.template.loader import get_template, render_to_string

from jobcenter.platform.templates import Loader


def test_the_indentation_of_a_template_is_a_single_space():
    page = render_to_string(
        "components/textarea.html", {"name": "text", "fid": "id_text", "label": "Text", "value": "x"}
    )

    assert not [line for line in page.splitlines() if line.startswith(("  ", "\t"))]


def test_what_people_wrote_stays():
    written = "    eingerückt\n\tmit Tabulator\n"

    page = render_to_string(
        "components/textarea.html", {"name": "text", "fid": "id_text", "label": "T", "value": written}
    )

    assert written in page


def test_mails_and_templates_of_others_stay_as_they_are():
    mail = get_template("mail/reminder_own.txt").template.source
    assert mail == (engines["django"].dirs[0] / "mail" / "reminder_own.txt").read_text()

    admin = get_template("admin/change_list.html").template
    assert not isinstance(admin.origin.loader, Loader)
    assert "\n  " in admin.source
