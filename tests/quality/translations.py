"""Is the English catalogue complete? `python -m tests.quality.translations [--update]`.

The source is written in French and needs no catalogue. The English one must hold each of its sentences, translated,
with the same places to fill, and nothing else.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
CATALOGUE = Path("openmap/translations/en/LC_MESSAGES/messages.po")
SOURCES = {
    "openmap": [("**.py", "python")],
    "templates": [("**.html", "jinja2"), ("**.txt", "jinja2")],
}
OPTIONS = {"**.html": {"silent": "false", "trimmed": "true"}, "**.txt": {"silent": "false", "trimmed": "true"}}
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2), "mark": None}


def extracted(root: Path) -> Catalog:
    """Every French sentence marked for translation under `root`; a template that can't be read raises."""
    catalogue = Catalog(project="OpenMap", fuzzy=False, charset="utf-8")
    for folder, methods in SOURCES.items():
        for file, line, sentence, comments, context in extract_from_dir(
            root / folder, methods, OPTIONS, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
        ):
            catalogue.add(sentence, None, [(f"{folder}/{file}", line)], auto_comments=comments, context=context)
    return catalogue


def problems(source: Catalog, translation: Catalog) -> Iterator[str]:
    """What keeps `translation` from being complete and true to `source`, a sentence each."""
    for message in source:
        if message.id and translation.get(message.id, message.context) is None:
            yield f"missing: {shown(message)}"
    for message in [*translation, *translation.obsolete.values()]:
        if not message.id:
            continue
        if source.get(message.id, message.context) is None:
            yield f"obsolete: {shown(message)}"
        elif message.fuzzy:
            yield f"fuzzy: {shown(message)}"
        elif not all(message.string if isinstance(message.string, tuple | list) else [message.string]):
            yield f"not translated: {shown(message)}"
        else:
            yield from (f"{error}: {shown(message)}" for error in message.check(translation))


def shown(message: Message) -> str:
    """The French sentence, and where it stands."""
    sentence = message.id if isinstance(message.id, str) else message.id[0]
    return f"{sentence!r} ({', '.join(file for file, _ in message.locations) or 'nowhere'})"


def read(path: Path) -> Catalog:
    """The English catalogue at `path`; an empty one when there is none yet."""
    if not path.exists():
        return Catalog(locale="en", project="OpenMap", fuzzy=False, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def update(path: Path, source: Catalog) -> Catalog:
    """Write the catalogue at `path` with exactly the sentences of `source`, keeping what is translated already."""
    translation = read(path)
    created_at = translation.creation_date
    translation.update(source, no_fuzzy_matching=True)
    translation.creation_date = created_at  # a date that changes with each run would only make merges fail
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, translation, width=120, include_lineno=False, ignore_obsolete=True, sort_output=True)
    return read(path)


def main(arguments: list[str]) -> int:
    """Run the check; 1 when something is wrong."""
    parser = argparse.ArgumentParser(description="Check that the English catalogue is complete.")
    parser.add_argument("--update", action="store_true", help="add new sentences and drop old ones first")
    source = extracted(ROOT)
    path = ROOT / CATALOGUE
    translation = update(path, source) if parser.parse_args(arguments).update else read(path)
    found = list(problems(source, translation))
    sys.stdout.writelines(f"{CATALOGUE}: {problem}\n" for problem in found)
    sys.stdout.write(f"{len(source)} French sentences, {len(found)} problems in the English catalogue\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
