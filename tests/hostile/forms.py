"""Every form that somebody is shown, found in the pages as they come, with values that a person would have put in."""

import datetime as dt
import itertools
import re
import urllib.parse
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any

from django.db import connection, transaction
from django.test import Client

from tests.browser.test_every_page import NEVER, shape
from tests.factories import ahead, back
from tests.hostile.kinds import PLAIN, Kind

TEXTUAL = {
    "text",
    "search",
    "email",
    "tel",
    "url",
    "password",
    "hidden",
    "number",
    "date",
    "time",
    "datetime-local",
    "",
}
UNSEEN = {"csrfmiddlewaretoken"}
WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE) "?([a-z_]+)"?', re.IGNORECASE)
# What every request writes, and what is no text.
NOT_STORED = {"django_session", "casework_accessevent", "django_admin_log"}
WRONG = re.compile(r'aria-invalid="true"|class="errorlist|kern-error|data-error')
ROUNDS = 7
SUBMITS = {"submit", "image"}


@dataclass(frozen=True)
class Form:
    page: str
    action: str
    method: str
    multipart: bool
    # name → what a person would send: several values under one name are possible
    values: dict[str, list[str]]
    # names under which any text may be sent
    texts: tuple[str, ...]
    options: dict[str, tuple[str, ...]]
    buttons: tuple[tuple[str, str, str], ...]  # name, value, formaction

    @property
    def address(self) -> str:
        """Where it is sent, whatever the numbers in the address are."""
        return f"{self.method} {shape(self.action).partition('?')[0]}"

    @property
    def kind(self) -> str:
        """Which form it is, wherever it stands: rows of a list have the same one."""
        # A page may name the rows of a table in its fields; they are one form whatever the numbers.
        names = sorted({re.sub(r"\d+", "0", name) for name in self.values})
        return f"{self.method} {shape(self.action)} {','.join(names)}"


@dataclass
class _Reading:
    action: str
    method: str
    multipart: bool
    values: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Forms, their fields (also those that name their form by id) and the links of a page."""

    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.url = url
        self.forms: list[_Reading] = []
        self.by_id: dict[str, _Reading] = {}
        self.links: list[str] = []
        self.current: _Reading | None = None
        self.area: tuple[_Reading, str] | None = None
        self.choice: tuple[_Reading, str, bool] | None = None
        self.later: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(urllib.parse.urljoin(self.url, given["href"]))
        for name in ("hx-get",):
            if name in given and "suche" not in given[name]:
                self.links.append(urllib.parse.urljoin(self.url, given[name]))
        if tag == "form":
            self.current = _Reading(
                urllib.parse.urljoin(self.url, given.get("action") or self.url),
                given.get("method", "get").lower(),
                given.get("enctype", "") == "multipart/form-data",
            )
            self.forms.append(self.current)
            if "id" in given:
                self.by_id[given["id"]] = self.current
            return
        if tag in ("input", "textarea", "select", "button"):
            self._field(tag, given)
        if tag == "option" and self.choice:
            form, name, _ = self.choice
            form.options.setdefault(name, []).append(given.get("value", ""))
            if "selected" in given:
                form.values.setdefault(name, []).append(given.get("value", ""))

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form = self.by_id.get(given["form"]) if "form" in given else self.current
        name = given.get("name", "")
        if form is None or "disabled" in given:
            return
        kind = given.get("type", "").lower()
        if tag == "button":
            if kind in ("", "submit"):
                form.buttons.append((name, given.get("value", ""), given.get("formaction", "")))
            return
        if not name or name in UNSEEN:
            return
        if tag == "input" and kind in SUBMITS:
            form.buttons.append((name, given.get("value", ""), given.get("formaction", "")))
        elif tag == "textarea":
            self.area = (form, name)
            form.texts.append(name)
            form.values.setdefault(name, []).append("")
        elif tag == "select":
            self.choice = (form, name, "multiple" in given)
            form.options.setdefault(name, [])
        elif kind in ("radio", "checkbox"):
            form.options.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.values.setdefault(name, []).append(given.get("value", "on"))
        elif kind in TEXTUAL:
            form.texts.append(name)
            form.values.setdefault(name, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.current = None
        elif tag == "textarea":
            self.area = None
        elif tag == "select" and self.choice:
            form, name, several = self.choice
            if not several and name not in form.values and form.options.get(name):
                form.values[name] = [form.options[name][0]]
            self.choice = None

    def handle_data(self, data: str) -> None:
        if self.area:
            form, name = self.area
            form.values[name][-1] += data.removeprefix("\n") if not form.values[name][-1] else data


def forms_and_links(url: str, html: str) -> tuple[list[Form], list[str]]:
    reader = _Reader(f"http://testserver{url}")
    reader.feed(html)
    forms = [
        Form(
            url,
            form.action.removeprefix("http://testserver"),
            form.method,
            form.multipart,
            form.values,
            tuple(dict.fromkeys(form.texts)),
            {name: tuple(options) for name, options in form.options.items()},
            tuple(form.buttons) or (("", "", ""),),
        )
        for form in reader.forms
    ]
    return forms, [link.removeprefix("http://testserver") for link in reader.links]


def crawl(client: Client, *starts: str) -> list[Form]:
    """Every form on every kind of page that the links lead to; each form once."""
    seen: set[str] = set()
    found: dict[str, Form] = {}
    waiting = list(starts)
    first = len(starts)
    for number in itertools.count():
        if number >= len(waiting):
            return list(found.values())
        url = waiting[number]
        if number >= first and shape(url) in seen:
            continue
        seen.add(shape(url))
        response = client.get(url, follow=True)
        if response.redirect_chain:
            url = response.redirect_chain[-1][0]
            seen.add(shape(url))
        if response.status_code != 200 or not response.get("Content-Type", "").startswith("text/html"):
            continue
        forms, links = forms_and_links(url, response.content.decode())
        for form in forms:
            if not form.action.startswith("/abmelden") and form.texts:
                found.setdefault(form.kind, form)
        for link in links:
            target = link.split("#")[0]
            if target.startswith("/") and not NEVER.search(target):
                waiting.append(target)


# --- sending -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    written: frozenset[str]
    stored: tuple[str, ...]
    followed: int
    content_type: str

    @property
    def accepted(self) -> bool:
        return self.status < 400 and not (self.status == 200 and WRONG.search(self.body))


def send(
    client: Client,
    form: Form,
    button: tuple[str, str, str],
    changed: dict[str, list[bytes]],
    mark: str,
    *,
    follow: bool = False,
) -> Answer:
    """Send the form as a browser would, look where the mark has gone, and take everything back."""
    pairs = [
        (name, value)
        for name, values in form.values.items()
        for value in (changed.get(name) or [value.encode("utf-8", "surrogatepass") for value in values])
    ]
    if button[0]:
        pairs.append((button[0], button[1].encode()))
    action = urllib.parse.urljoin(form.action, button[2]) if button[2] else form.action
    tables: set[str] = set()

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if isinstance(sql, str) and (match := WRITES.match(sql)):
            tables.add(match[1])
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(note):
            if form.method == "get":
                query = urllib.parse.urlencode(pairs)
                response = client.get(f"{action.split('?')[0]}?{query}")
            else:
                content_type, body = _multipart(pairs) if form.multipart else _urlencoded(pairs)
                response = client.generic("POST", action, body, content_type=content_type)
        written = frozenset(tables - NOT_STORED)
        followed = 0
        if response.status_code < 500:
            stored = tuple(stored_texts(written, mark)) if mark else ()
            if follow and response.status_code in (301, 302, 303):
                followed = client.get(response["Location"]).status_code
        else:
            stored = ()
        transaction.set_rollback(True)
    body_text = response.content.decode("utf-8", "replace") if not response.streaming else ""
    return Answer(response.status_code, body_text, written, stored, followed, response.get("Content-Type", ""))


def _urlencoded(pairs: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    return "application/x-www-form-urlencoded", urllib.parse.urlencode(pairs).encode()


def _multipart(pairs: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    edge = uuid.uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
        for name, value in pairs
    ]
    return f"multipart/form-data; boundary={edge}", b"".join(parts) + f"--{edge}--\r\n".encode()


def stored_texts(tables: frozenset[str], mark: str) -> Iterator[str]:
    """Every text in these tables that holds the mark, whole; also inside of JSON."""
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'SELECT to_jsonb(t) FROM "{table}" AS t WHERE strpos(to_jsonb(t)::text, %s) > 0', [mark])
            for (row,) in cursor.fetchall():
                yield from (text for text in _leaves(_json(row)) if mark in text)


def _json(value: Any) -> Any:
    import json

    return json.loads(value) if isinstance(value, str) else value


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from itertools.chain.from_iterable(_leaves(inner) for inner in value.values())
    elif isinstance(value, list):
        yield from itertools.chain.from_iterable(_leaves(inner) for inner in value)


# --- a form that would be accepted -------------------------------------------------------------------------


def candidates(mark: str) -> list[str]:
    """What a person might put into a field that was refused, most likely first."""
    return [
        f"Ein gewöhnlicher Satz {mark}",
        f"{ahead(7):%d.%m.%Y}",
        f"{back(7):%d.%m.%Y}",
        "10:30",
        "1",
        f"{dt.date.today() - dt.timedelta(days=12000):%d.%m.%Y}",
        "post@example.org",
        "https://example.org/",
        "37073",
        f"{dt.date.today():%d.%m.%Y}",
        "",
    ]


def filled(client: Client, form: Form) -> tuple[Form, tuple[str, str, str], Answer]:
    """The form with values under which it is accepted, as far as trying finds them; else as it came."""
    first: tuple[Form, tuple[str, str, str], Answer] | None = None
    for button in form.buttons[:4]:
        current = replace(
            form,
            values={
                name: ([f"Ein gewöhnlicher Satz {index}"] if values == [""] and name in form.texts else list(values))
                for index, (name, values) in enumerate(form.values.items())
            },
        )
        tries = dict.fromkeys([*form.values, *form.options], 0)
        answer = send(client, current, button, {}, "")
        first = first or (form, button, answer)
        for _ in range(ROUNDS):
            if answer.accepted:
                return current, button, answer
            wrong = _wrong_names(answer.body) & set(tries)
            if not wrong:
                break
            values = dict(current.values)
            for name in wrong:
                choices = list(current.options.get(name, ())) or candidates(uuid.uuid4().hex[:6])
                values[name] = [choices[tries[name] % len(choices)]]
                tries[name] += 1
            current = replace(current, values=values)
            answer = send(client, current, button, {}, "")
    assert first is not None
    return first


def _wrong_names(html: str) -> set[str]:
    """The names of the fields that the answer marks, by themselves or by a message that belongs to them."""
    marked = set()
    for tag in re.findall(r"<(?:input|textarea|select)\b[^>]*>", html):
        if 'aria-invalid="true"' in tag and (name := re.search(r'\bname="([^"]+)"', tag)):
            marked.add(name[1])
    marked |= {name.removeprefix("id_") for name in re.findall(r'id="(id_[a-z0-9_-]+)_(?:error|group_error)"', html)}
    marked |= set(re.findall(r'href="#id_([a-z0-9_-]+?)(?:_group|_0)?"', html))
    return marked


def new_mark() -> str:
    return f"m{uuid.uuid4().hex[:10]}"


def stored_by(client: Client, form: Form, button: tuple[str, str, str], name: str) -> tuple[bool, Answer]:
    """Does an ordinary text in this field end in the database?"""
    mark = new_mark()
    answer = send(client, form, button, {name: PLAIN.sent(mark)}, mark)
    return answer.accepted and bool(answer.stored), answer


def as_told(kind: Kind, mark: str, stored: str) -> bool:
    """Is what was stored what was sent? Blanks around it and the kind of line end are a matter of the browser, and
    NUL, which no keyboard types and no column of PostgreSQL holds, is left out everywhere."""

    def usual(text: str) -> str:
        return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()

    def on_one_line(text: str) -> str:
        return " ".join(text.split())

    sent, kept = usual(kind.value(mark)), usual(stored)
    # A field of one line has its blanks and ends of lines made one blank.
    return sent in kept or on_one_line(sent) in on_one_line(kept)
