"""Who is shown which addresses in the crawl, and which addresses are none to be looked at."""

# What a browser opens in `test_every_page.py`, by whose window: each test there asserts its own set, and
# `tests/test_addresses.py` that nothing is missing. Addresses that take POST alone need no line.
CRAWLED: dict[str, set[str]] = {
    "counsellor": set(),
    "lead": set(),
    "administration": {"casework:reminder_list", "sent_mail"},
    "anybody": {"login", "gallery"},
}
NO_PAGE = {
    "healthz": "one line of text for supervisors",
    "logout": "ends the session",
    "sign_in_again": "a dialog inside a page: test_what_opens_inside_a_page",
    "casework:day_check": "a piece of a form: test_date_field.py",
    "casework:import_progress": "a piece of a page that moves: test_import.py",
    "casework:import_report": "a file: the report of a take-over, numbers of people and sentences, no IFK",
    "casework:calendar_feed": "a file for calendar programs, behind a token of its own",
    "casework:letter_pdf": "a PDF: tests/casework/test_letters.py reads it",
}
