"""The scan against the deny list: words that sort people, wherever the application could say them (domain.md 1A).

Each `scan_…` function takes what it looks at and yields findings, so that a test can hand it something wrong. Words
count as whole words, in their inflections and in every way of writing ("Zielgruppen", `ziel_gruppe`, `kundenProfil`):
an Integrationskurs or the Krankenpflege is no hit. Some words are hits as a whole value only ("Integration").
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.contrib.admin import AdminSite
from django.db import models
from django.db.models.fields.related import RelatedField
from django.forms import BaseForm, ModelChoiceField
from django.urls import URLPattern, URLResolver


class Finding(NamedTuple):
    place: str
    word: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: „{self.word}“ in {self.text!r}"


# --- the words ---------------------------------------------------------------------------------------------------
# In lower case, ae for ä, ss for ß. Each pattern is a whole word with its endings.

WORDS = {
    "zielgruppe": r"zielgruppen?",
    "kundengruppe": r"kundengruppen?",
    "kundenprofil": r"kundenprofil(?:e[ns]?|s)?",
    "kundentyp": r"kundentyp(?:en|s)?",
    "profillage": r"profillagen?",
    "profilingergebnis": r"profilingergebnis(?:se[ns]?)?",
    "betreuungsstufe": r"betreuungsstufen?",
    "segment": r"segment(?:e[ns]?|s)?|segmentierung(?:en)?",
    "kategorie": r"kategorien?|kategorisier(?:en|t|ung|ungen)",
    "cluster": r"clusters?|clustern",
    "handlungsstrategie": r"handlungsstrategien?",
    "grundbetreuung": r"grundbetreuung",
    "marktnah": r"markt(?:nah|fern)(?:e[mnrs]?)?|markt(?:naehe|ferne)",
    "hemmnis": r"(?:vermittlungs)?hemmnis(?:se[ns]?)?",
    "defizit": r"defizit(?:e[ns]?|s)?|defizitaer(?:e[mnrs]?)?",
    "problemlage": r"problemlagen?",
    "score": r"scores?|scoring",
    "prognose": r"prognosen?",
    "ampel": r"ampeln?",
    "mitwirkungsquote": r"mitwirkungsquoten?",
    "auslastung": r"auslastung(?:en)?|auslastungsziel(?:e[ns]?|s)?",
    "quote": r"quoten?",
    "zuweisung": r"(?:massnahmen?)?zuweisung(?:en)?|zu(?:zu)?weisen|zugewiesen(?:e[mnrs]?)?|pflichtmassnahmen?",
    "zielzahl": r"zielzahl(?:en)?",
    "rangliste": r"ranglisten?|rankings?",
}
# These mean nothing else in a compound either: Zielgruppenzugehörigkeit, Beschäftigungshemmnis.
IN_COMPOUNDS = (
    "zielgruppe",
    "kundengruppe",
    "kundenprofil",
    "kundentyp",
    "profillage",
    "profilingergebnis",
    "betreuungsstufe",
    "handlungsstrategie",
    "grundbetreuung",
    "hemmnis",
    "problemlage",
    "auslastung",
    "mitwirkungsquote",
    "rangliste",
    "zielzahl",
)
# Ordinary words in a sentence; a label when they are all that a field, a choice or a heading says.
VALUES = ("integration", "entwicklung", "grundbetreuung", "motivation")
# What the same would be called in code.
ENGLISH = (
    "category",
    "categories",
    "tag",
    "tags",
    "score",
    "scores",
    "scoring",
    "rating",
    "ratings",
    "ranking",
    "segment",
    "segments",
    "cluster",
    "clusters",
    "tier",
    "strategy",
    "strategies",
    "persona",
    "targetgroup",
    "customergroup",
    "customerprofile",
    "clientprofile",
    "trafficlight",
)

_DENIED = re.compile("|".join(f"(?P<{word}>{pattern})" for word, pattern in WORDS.items()))
_TOKEN = re.compile(r"[^\W]+(?:-[^\W]+)*")
_ADDRESS = re.compile(r"(?<!\S)(?:/[a-z0-9_<>:/-]+|[a-z0-9_<>:/-]+/)(?!\S)")
_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def _parts(token: str) -> list[str]:
    """`kundenProfil_neu-2` → kunden, profil, neu, 2."""
    humps = re.sub(r"(?<=[a-zäöüß0-9])(?=[A-ZÄÖÜ])", "_", token)
    return [part for part in humps.lower().translate(_FOLD).replace("-", "_").split("_") if part]


def _joined(parts: list[str]) -> Iterator[str]:
    """Each part and each run of parts: `ziel_gruppe` says Zielgruppe as well."""
    for start in range(len(parts)):
        for end in range(start + 1, min(start + 4, len(parts) + 1)):
            yield "".join(parts[start:end])


def denied_words(text: str) -> set[str]:
    """The denied words in a text of whatever kind."""
    found = set()
    for token in _TOKEN.findall(text):
        for word in _joined(_parts(token)):
            if match := _DENIED.fullmatch(word):
                found.add(str(match.lastgroup))
            found |= {stem for stem in IN_COMPOUNDS if stem in word}
    return found


def denied_names(text: str) -> set[str]:
    """The same in a name of the code, which is English."""
    parts = [word for token in _TOKEN.findall(text) for word in _joined(_parts(token))]
    return denied_words(text) | (set(parts) & set(ENGLISH))


def denied_values(text: str) -> set[str]:
    """The words that are a label when nothing else is said, also as one of several: "Integration / Entwicklung"."""
    pieces = re.split(r"[/,;:|·()+&–]| und | oder | - ", _ADDRESS.sub(" ", text).lower())
    return {piece.strip(" .!?\n") for piece in pieces} & set(VALUES)


def _look(
    place: str, *, names: Iterable[Any] = (), texts: Iterable[Any] = (), values: Iterable[Any] = ()
) -> Iterator[Finding]:
    for looks, found_by in ((names, denied_names), (texts, denied_words), (values, denied_words)):
        for text in looks:
            yield from (Finding(place, word, str(text)[:120]) for word in sorted(found_by(str(text or ""))))
    for text in (*names, *values):
        yield from (Finding(place, word, str(text)[:120]) for word in sorted(denied_values(str(text or ""))))


# --- schema, choices, forms, admin, addresses ------------------------------------------------------------------------


def scan_models(found: Iterable[type[models.Model]]) -> Iterator[Finding]:
    """Names, labels, help texts, choices; names of tables, columns, constraints and indexes."""
    for model in found:
        meta = model._meta
        rules = [*meta.constraints, *meta.indexes]
        yield from _look(
            model.__name__,
            names=[model.__name__, meta.db_table, *(rule.name for rule in rules)],
            values=[meta.verbose_name, meta.verbose_name_plural],
            texts=[getattr(rule, "violation_error_message", "") for rule in rules],
        )
        for field in (*meta.local_fields, *meta.local_many_to_many):
            yield from _look(
                f"{model.__name__}.{field.name}",
                names=[field.name, field.column or ""],
                values=[field.verbose_name, *(side for pair in field.flatchoices for side in pair)],
                texts=[field.help_text],
            )


def scan_choices(found: Iterable[type[models.Choices]]) -> Iterator[Finding]:
    for choices in found:
        yield from _look(
            choices.__name__, names=[choices.__name__, *choices.names], values=[*choices.values, *choices.labels]
        )


def scan_forms(found: Iterable[type[BaseForm]]) -> Iterator[Finding]:
    for form in found:
        yield from _look(form.__name__, names=[form.__name__])
        for name, field in getattr(form, "base_fields", {}).items():
            # The rows behind a choice of rows are data, and asking for them is a query.
            choices = [] if isinstance(field, ModelChoiceField) else getattr(field, "choices", [])
            sides = [side for pair in choices for side in (pair if isinstance(pair, tuple) else (pair,))]
            yield from _look(
                f"{form.__name__}.{name}",
                names=[name],
                values=[field.label or "", *sides],
                texts=[field.help_text, *field.widget.attrs.values()],
            )


ADMIN_OPTIONS = (
    "list_display",
    "list_filter",
    "search_fields",
    "fields",
    "fieldsets",
    "readonly_fields",
    "ordering",
    "list_editable",
    "actions",
)


def scan_admin(sites: Iterable[AdminSite]) -> Iterator[Finding]:
    for site in sites:
        yield from _look("admin", texts=[site.site_header, site.site_title, site.index_title])
        for shown in site._registry.values():
            for part in (shown, *shown.inlines):
                owner = part if isinstance(part, type) else type(part)
                options = [getattr(part, option, None) for option in ADMIN_OPTIONS]
                yield from _look(owner.__name__, names=[owner.__name__, *_flat(options)])


def _flat(option: Any) -> Iterator[str]:
    """The names in an option of the admin, however nested; filters and columns of their own tell name and title."""
    if isinstance(option, dict):
        option = list(option.items())
    if isinstance(option, list | tuple):
        for part in option:
            yield from _flat(part)
    elif isinstance(option, str):
        yield option
    elif option is not None:
        about = ("__name__", "title", "parameter_name", "short_description")
        yield from (str(getattr(option, name)) for name in about if getattr(option, name, None))


def scan_urls(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[Finding]:
    for pattern in patterns:
        path = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from scan_urls(pattern.url_patterns, path)
        else:
            yield from _look(path, names=[pattern.name or ""], texts=[re.sub(r"<[^>]*:|\\[A-Za-z]", " ", path)])


# --- texts: templates, scripts, Python -----------------------------------------------------------------------------

_HTML_COMMENTS = re.compile(r"{% comment.*?{% endcomment %}|{#.*?#}|<!--.*?-->", re.DOTALL)
_CLASSES = re.compile(r"""\s(?:class|id|for|href|src)=(?:"[^"]*"|'[^']*')""")  # looks and anchors, nothing that is read
_CODE_COMMENTS = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
_QUOTED = re.compile(r'"([^"\n]*)"')
_TEXT_NODE = re.compile(r">([^<>{}]+)<")
_EXPRESSION = re.compile(r"{{(.*?)}}")


def scan_template(place: str, source: str) -> Iterator[Finding]:
    """Everything that is read, every variable, every text handed to a component."""
    source = _CLASSES.sub(" ", _HTML_COMMENTS.sub(" ", source))
    yield from _look(
        place,
        names=_EXPRESSION.findall(source),
        values=[*_TEXT_NODE.findall(source), *_QUOTED.findall(source)],
        texts=[line.strip() for line in source.splitlines()],
    )


def scan_script(place: str, source: str) -> Iterator[Finding]:
    """JavaScript and Typst: all but the comments."""
    source = _CODE_COMMENTS.sub(" ", source)
    yield from _look(place, values=_QUOTED.findall(source), texts=[line.strip() for line in source.splitlines()])


def scan_python(place: str, source: str) -> Iterator[Finding]:
    """Every string but docstrings: labels, messages, mails, headers of tables and keys of exports, SQL."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield from _look(f"{place}:{node.lineno}", values=[node.value])


SCANNERS = {".html": scan_template, ".txt": scan_template, ".typ": scan_script, ".js": scan_script, ".py": scan_python}


def scan_files(root: Path, found: Iterable[Path]) -> Iterator[Finding]:
    for path in found:
        yield from SCANNERS[path.suffix](str(path.relative_to(root)), path.read_text())


def scan_names(place: str, names: Iterable[str]) -> Iterator[Finding]:
    yield from _look(place, names=names)


# --- the shape: no room for a category -------------------------------------------------------------------------

# Of these three nothing is known but words, dates, and what belongs to keeping a file (R3.2-1, R4.2-1, R4.3-6, R4.3-7).
UNSORTED = ("Client", "Case", "Agreement")
SORTING_MODELS = re.compile(r"(Tag|Label|Category|Kategorie|Segment|Strategy|Strategie|Cluster|Profile|Flag|Status)s?$")
COUNTABLE = (models.IntegerField, models.FloatField, models.DecimalField, models.JSONField)


def about_a_person(model: type[models.Model]) -> bool:
    columns = {field.column for field in model._meta.local_fields}
    return model.__name__ in UNSORTED or bool(columns & {"case_id", "client_id", "agreement_id"})


def scan_shape(found: Iterable[type[models.Model]], known: Iterable[str]) -> Iterator[Finding]:
    """What could sort people, whatever it is called: lists to choose from, marks, numbers, keys into a list."""
    for model in found:
        if SORTING_MODELS.search(model.__name__) or any(hasattr(f, "ct_field") for f in model._meta.private_fields):
            yield Finding(model.__name__, "Merkmal", "a model of labels")
        if not about_a_person(model):
            continue
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            place = f"{model.__name__}.{field.name}"
            if place not in known and (kind := _sorts(model, field)):
                yield Finding(place, "Merkmal", kind)


def _sorts(model: type[models.Model], field: Any) -> str:
    if field.choices:
        return "a list to choose from"
    if isinstance(field, models.BooleanField):
        return "a mark"
    if isinstance(field, models.ManyToManyField):
        return "keys into a list"
    if isinstance(field, RelatedField):
        target = field.related_model
        inside = (
            target is model or target == "self" or getattr(target, "__name__", "") == "User" or about_a_person(target)
        )
        return "" if inside else "a key into a list"
    if model.__name__ not in UNSORTED or field.primary_key:
        return ""
    if isinstance(field, COUNTABLE) or field.get_internal_type() in ("ArrayField", "HStoreField"):
        return "a number or a list of values"
    return ""
