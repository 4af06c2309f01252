"""What the source must not do, read from its trees: each rule of docs/asvs.md that is about how things are written."""

import ast
import re

import pytest

from tests.hardening.source import calls, imports, modules, scripts, templates

# Who may mark text as safe, and why: what it marks is ours to the last letter, or escaped one line before.
SAFE = {"jobcenter/platform/fixed.py": {"mark_safe"}}
NEVER_CALLED = {
    "eval": "runs text",
    "exec": "runs text",
    "compile": "runs text",
    "__import__": "runs text",
    "os.system": "a shell",
    "os.popen": "a shell",
    "subprocess.getoutput": "a shell",
    "pickle.loads": "objects from bytes",
    "Template": "a template from text",
    "engines.from_string": "a template from text",
    "Engine.from_string": "a template from text",
    "random.random": "can be guessed",
    "uuid.uuid1": "can be guessed",
}
SUBPROCESS = {"run", "Popen", "call", "check_call", "check_output"}
# Where random numbers need not be secret: an invented office, the same for everybody.
GUESSABLE = ("jobcenter/office/demo/",)
STRONG = {"sha256", "sha384", "sha512", "sha3_256", "blake2b"}


def test_nothing_runs_text():
    found = [f"{path}:{line} {name}" for path, line, name, _ in calls() if name in NEVER_CALLED]

    assert found == []


def test_no_shell_and_no_command_from_one_string():
    for path, line, name, call in calls():
        if not (name.startswith("subprocess.") and name.split(".")[1] in SUBPROCESS):
            continue
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        assert "shell" not in keywords, f"{path}:{line}"
        assert not isinstance(call.args[0], ast.Constant | ast.JoinedStr), f"{path}:{line}"
        assert path.startswith("jobcenter/"), f"{path}:{line}: only the platform starts programs"


def test_only_the_listed_mark_text_as_safe():
    for path, line, name, _ in calls():
        last = name.rsplit(".", 1)[-1]
        if last in ("mark_safe", "SafeString", "SafeText"):
            assert last in SAFE.get(path, set()), f"{path}:{line}"
    for path, line, name, call in calls():
        if name.rsplit(".", 1)[-1] == "format_html":
            assert isinstance(call.args[0], ast.Constant), f"{path}:{line}: the format itself must be ours"


def test_templates_escape():
    off = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off|\{%\s*debug")

    assert [name for name, text in templates().items() if name.endswith(".html") and off.search(text)] == []
    assert len(templates()) > 150


def test_attributes_are_quoted():
    """An unquoted attribute would be left with the first blank."""
    unquoted = re.compile(r"<[a-z][^<>]*\s[a-z-]+=\{\{")

    assert [name for name, text in templates().items() if unquoted.search(text)] == []


def sql_of(call: ast.Call) -> ast.expr | None:
    return call.args[0] if call.args else None


def test_sql_takes_values_as_parameters():
    """A statement may be put together from our own constants; ruff (S608) asks for the reason at each such place."""
    for path, line, name, call in calls():
        if not name.endswith((".execute", ".executemany", "RawSQL", ".raw")) or "/migrations/" in path:
            continue
        statement = sql_of(call)
        if isinstance(statement, ast.JoinedStr | ast.BinOp):
            inside = ast.unparse(statement)
            assert not re.search(r"request|POST|GET|cleaned_data|form\b|values\[", inside), f"{path}:{line} {inside}"


def test_values_of_a_request_lead_nowhere_unchecked():
    """No redirect, file or regular expression straight from what a browser sent."""
    sent = re.compile(r"request\.(?:GET|POST|headers|META|COOKIES|FILES|get_full_path|path\b)")
    ruled = ("redirect(request.get_full_path())",)  # one's own address; Django keeps it in the house
    targets = (
        "redirect",
        "HttpResponseRedirect",
        "HttpResponseClientRedirect",
        "open",
        "Path",
        "re.compile",
        "re.search",
        "re.match",
        "re.fullmatch",
        "re.sub",
        "render_to_string",
        "get_template",
        "import_module",
        "getattr",
    )
    for path, line, name, call in calls():
        if name in targets and call.args and ast.unparse(call) not in ruled:
            position = 1 if name in ("getattr", "re.sub") and len(call.args) > 1 else 0
            assert not sent.search(ast.unparse(call.args[position])), f"{path}:{line} {ast.unparse(call)[:100]}"


def test_names_of_downloads_are_ours():
    """What stands in Content-Disposition is a constant, a number or a name that a function of ours was given."""
    found = 0
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and "Content-Disposition" in ast.unparse(node.targets[0]):
                found += 1
                value = ast.unparse(node.value)
                assert not re.search(r"request|\.name\b|family|title|POST|GET", value), f"{path}:{node.lineno} {value}"
    assert found >= 4


# --- cryptography ------------------------------------------------------------------------------------------


def test_only_strong_hashes():
    for path, line, name, call in calls():
        if name.startswith("hashlib."):
            assert re.split(r"[.(]", name)[1] in STRONG, f"{path}:{line} {name}"
        if name in ("hmac.new", "hmac.digest"):
            assert re.search(r"sha(?:256|512)", ast.unparse(call)), f"{path}:{line}"


def test_nothing_is_encrypted_by_hand():
    """TLS, the disk and libraries encrypt; whoever writes the first line of it here answers ASVS 11.3 anew."""
    # A library's own ciphers, where secrets of second factors are sealed and tokens of a directory are verified.
    allowed = ("jobcenter/platform/factors.py", "jobcenter/platform/sealing.py", "jobcenter/platform/oidc.py")
    own = [
        f"{path}: {name}"
        for path, name in imports()
        if name.split(".")[0] in ("cryptography", "Crypto", "nacl") and not path.endswith(allowed)
    ]

    assert own == []
    assert [f"{path}:{line}" for path, line, name, _ in calls() if "pbkdf2" in name.lower()] == []


def test_what_must_not_be_guessed_comes_from_the_system():
    for path, name in imports():
        if name.split(".")[0] == "random":
            assert path.startswith(GUESSABLE) or path.endswith(("seed_demo.py",)), path
    tokens = [call for _, _, name, call in calls() if name.startswith("secrets.token_")]
    assert tokens
    for call in tokens:
        size = call.args[0] if call.args else ast.Constant(32)
        if isinstance(size, ast.Constant):
            assert size.value >= 16, ast.unparse(call)


# --- scripts -----------------------------------------------------------------------------------------------

NOT_IN_SCRIPTS = {
    "runs text": r"\beval\(|new Function\(|setTimeout\(\s*[\"'`]|setInterval\(\s*[\"'`]",
    "writes markup": r"\.innerHTML\s*[+]?=|\.outerHTML\s*=|insertAdjacentHTML|document\.write|createContextualFragment",
    "keeps data": r"localStorage|indexedDB|sessionStorage\.setItem|caches\.open|document\.cookie",
    "changes prototypes": r"__proto__|\.prototype\.[A-Za-z]+\s*=|Object\.assign\(\s*window",
    "goes elsewhere": r"https?://|window\.open\(",
}


@pytest.mark.parametrize("what", NOT_IN_SCRIPTS)
def test_scripts_do_not(what: str):
    pattern = re.compile(NOT_IN_SCRIPTS[what])

    found = {name: pattern.search(text) for name, text in scripts().items()}

    assert {name: match[0] for name, match in found.items() if match} == {}


def test_scripts_are_strict_and_leave_no_names_behind():
    for name, text in scripts().items():
        assert '"use strict"' in text, name
        assert not re.search(r"^(?:var|let|function) ", text, re.MULTILINE), f"{name}: a name for everybody"


def test_pages_hand_values_to_scripts_as_attributes():
    """No template writes a value into a script: there is none in any page."""
    inside = re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE)

    assert [name for name, text in templates().items() if inside.search(text)] == []
