"""Are the catalogues complete? `python -m tests.quality.translations [--update]`.

The source is written in French. The English catalogue must hold each of its sentences, translated, with the same places
to fill, and nothing else. The French one holds only what has a plural, as it stands: French says « 0 réponse », and
only a catalogue tells gettext so.
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
FRENCH = Path("openmap/translations/fr/LC_MESSAGES/messages.po")
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


def french_plurals(source: Catalog) -> Catalog:
    """The sentences of `source` that have a plural, each its own translation."""
    comment = "# Plurals as the French source has them, kept in step with it by `make translations`."
    catalogue = Catalog(locale="fr", project="OpenMap", header_comment=comment, fuzzy=False, charset="utf-8")
    for message in source:
        if message.pluralizable:
            catalogue.add(message.id, message.id, list(message.locations))
    return catalogue


def plurals_in(catalogue: Catalog) -> set[tuple[str, ...]]:
    """The translated plurals of a catalogue."""
    return {tuple(message.string or ()) for message in catalogue if message.pluralizable}


def shown(message: Message) -> str:
    """The French sentence, and where it stands."""
    sentence = message.id if isinstance(message.id, str) else message.id[0]
    return f"{sentence!r} ({', '.join(file for file, _ in message.locations) or 'nowhere'})"


def read(path: Path, language: str = "en") -> Catalog:
    """The catalogue at `path`; an empty one when there is none yet."""
    if not path.exists():
        return Catalog(locale=language, project="OpenMap", fuzzy=False, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(path: Path, source: Catalog) -> Catalog:
    """Write the catalogue at `path` with exactly the sentences of `source`, keeping what is translated already."""
    translation = read(path)
    created_at = translation.creation_date
    translation.update(source, no_fuzzy_matching=True)
    translation.creation_date = created_at  # a date that changes with each run would only make merges fail
    write(path, translation)
    return read(path)


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue so that two people's changes merge: sorted, without line numbers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, include_lineno=False, ignore_obsolete=True, sort_output=True)


def update_french(path: Path, plurals: Catalog) -> None:
    """Write the French catalogue at `path`, with the date of its first writing."""
    if path.exists():
        plurals.creation_date = read(path, "fr").creation_date
    write(path, plurals)


def main(arguments: list[str]) -> int:
    """Run the check; 1 when something is wrong."""
    parser = argparse.ArgumentParser(description="Check that the catalogues are complete.")
    parser.add_argument("--update", action="store_true", help="add new sentences and drop old ones first")
    source = extracted(ROOT)
    path, plurals = ROOT / CATALOGUE, french_plurals(source)
    if parser.parse_args(arguments).update:
        update_french(ROOT / FRENCH, plurals)
        translation = update(path, source)
    else:
        translation = read(path)
    found = [f"{CATALOGUE}: {problem}" for problem in problems(source, translation)]
    if plurals_in(read(ROOT / FRENCH, "fr")) != plurals_in(plurals):
        found.append(f"{FRENCH}: not the plurals of the source; run make translations")
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    sys.stdout.write(f"{len(source)} French sentences, {len(found)} problems in the catalogues\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
