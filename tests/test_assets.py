"""Templates name only icons that exist and carry no inline script or style; vendored files are what they say."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [page for page in TEMPLATES if page.parent.name != "emails"]
VENDORED = sorted((ROOT / "static" / "vendor").iterdir())
# Where each macro takes the name of its icon.
ICON_PLACES = {
    "icon": 0, "glyph": 0, "submit": 1, "badge": 2, "link_button": 2, "notice": 2, "post_button": 2, "empty_state": 3,
}  # fmt: skip
VENDORED_FILE = re.compile(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", re.MULTILINE)
JINJA = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)", re.IGNORECASE)


def icons_named_in(template: Path) -> Iterator[str]:
    """The icons a template asks for by a literal name, in calls and in the entries of menus."""
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(template.read_text())
    for call in tree.find_all(nodes.Call):
        callee = call.node.attr if isinstance(call.node, nodes.Getattr) else getattr(call.node, "name", "")
        place = ICON_PLACES.get(callee)
        named = [keyword.value for keyword in call.kwargs if keyword.key == "icon"]
        placed = call.args[place : place + 1] if place is not None else []
        yield from (str(found.value) for found in [*named, *placed] if isinstance(found, nodes.Const) and found.value)
    for pair in tree.find_all(nodes.Pair):
        if isinstance(pair.key, nodes.Const) and pair.key.value == "icon" and isinstance(pair.value, nodes.Const):
            yield str(pair.value.value)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: str(template.relative_to(ROOT)))
def test_a_template_names_only_icons_of_the_sprite(template: Path) -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static" / "img" / "icons.svg").read_text()))
    assert set(icons_named_in(template)) <= sprite


@pytest.mark.parametrize("template", PAGES, ids=lambda template: str(template.relative_to(ROOT)))
def test_a_page_has_no_inline_script_or_style(template: Path) -> None:
    assert INLINE.findall(JINJA.sub("", template.read_text())) == []


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.name)
def test_vendored_files_are_those_that_were_taken(folder: Path) -> None:
    stated = dict(VENDORED_FILE.findall((folder / "VENDOR.md").read_text()))
    present = [file for file in folder.rglob("*") if file.is_file() and file.name != "VENDOR.md"]
    found = {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in present}
    assert found == stated
