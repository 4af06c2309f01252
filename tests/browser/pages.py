"""Looking at a page as a strict reader would: markup, contrast and names, widths, weight, words."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import html5lib
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Response

WIDE, NARROW = 1280, 400
# Every rule in both widths and in both schemes, crosswise: what a colour decides does not ask for the width, and the
# other way round. The long run asks everything in all four.
EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MODES = [(WIDE, "light"), (NARROW, "dark")]
FURTHER_MODES = [(WIDE, "dark"), (NARROW, "light")]
MOST_BYTES = 40 * 1024
# The conversation holds the whole agreement to go on from, and each open step with its three answers.
MOST_BYTES_OF_A_TALK = 64 * 1024
LEFTOVERS = re.compile(r"\bNone\b|\{\{|\{%|\{#|\bFalse\b")


@dataclass
class Inspection:
    """What was looked at, and what was wrong with it."""

    problems: list[str] = field(default_factory=list)
    pages: dict[str, int] = field(default_factory=dict)
    axe_runs: int = 0
    thorough: bool = False  # in every mode

    def look(self, page: Page, name: str, response: Response | None = None) -> None:
        """Everything about the page that is shown now; `response` is the answer that brought it."""
        if response is not None:
            self.read(response.body(), name)
        page.evaluate(AXE_SCRIPT)
        for width, scheme in MODES + FURTHER_MODES * self.thorough:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.evaluate(FINISH_TRANSITIONS)
            page.evaluate(TO_THE_END)
            self._measure_width(page, f"{name} ({width} px, {scheme})")
            self._run_axe(page, f"{name} ({width} px, {scheme})")

    def read(self, body: bytes, name: str) -> None:
        """The markup as it came: it parses strictly, weighs little, and no template shows through."""
        self.pages[name] = len(body)
        # What is printed as a whole is as long as it is.
        most = MOST_BYTES_OF_A_TALK if "/gespraech/" in name else MOST_BYTES
        if len(body) > most and "/drucken/" not in name:
            self.problems.append(f"{name}: {len(body)} bytes")
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(body.decode(), scripting=True)
        for position, code, details in parser.errors:
            self.problems.append(f"{name}: {code} {details} at {position}")
        for found in LEFTOVERS.finditer(body.decode()):
            start = max(0, found.start() - 60)
            self.problems.append(f"{name}: {body.decode()[start : found.end() + 40]!r}")

    def _measure_width(self, page: Page, name: str) -> None:
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            self.problems.append(f"{name}: {over} px wider than the window: {page.evaluate(WIDER_THAN_WINDOW)}")

    def _run_axe(self, page: Page, name: str) -> None:
        self.axe_runs += 1
        options = {"runOnly": EVERY_RULE, "resultTypes": ["violations"], "preload": False}
        answer: dict[str, Any] = page.evaluate(f"axe.run(document, {json.dumps(options)})")
        for violation in answer["violations"]:
            for node in violation["nodes"][:3]:
                why = " ".join(str(node.get("failureSummary", "")).split())
                self.problems.append(f"{name}: {violation['id']} {node['target']} {why}")

    @property
    def summary(self) -> str:
        sizes = [(name, size) for name, size in self.pages.items() if "/drucken/" not in name]
        name, size = max(sizes, key=lambda item: item[1], default=("none", 0))
        return f"{len(self.pages)} pages, {self.axe_runs} runs of axe, largest {name} with {size} bytes"


# A colour that is just changing would be measured half-way.
FINISH_TRANSITIONS = "document.getAnimations().forEach((animation) => animation.finish())"
# What sticks to the lower edge lies there in its own place; further up it would be measured upon whatever happens to be
# below it, and a press of Page Down uncovers that (WCAG 2.5.8 asks for the size, 2.4.11 is `scroll-padding-bottom`).
TO_THE_END = "window.scrollTo(0, document.documentElement.scrollHeight)"
WIDER_THAN_WINDOW = """
[...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .slice(0, 4)
  .map((element) => `${element.tagName}.${element.className} ${(element.textContent || "").trim().slice(0, 30)}`)
"""
