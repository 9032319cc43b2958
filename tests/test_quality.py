"""The project's own checks find what they look for, and what is built from a checkout is complete."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from babel.messages.catalog import Catalog

from openmap.app import create_app
from openmap.config import read_config
from openmap.core.db import db
from tests.quality import migrations, translations
from tests.servers import PostgresServer

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, timeout=120, check=False
    )


# --- translations


def catalogue(**translated: str) -> Catalog:
    english = Catalog(locale="en")
    for french, sentence in translated.items():
        english.add(french, sentence)
    return english


def french(*sentences: str | tuple[str, str]) -> Catalog:
    source = Catalog()
    for sentence in sentences:
        source.add(sentence, locations=[("openmap/app.py", 1)], flags=["python-format"] if "%(" in sentence else [])
    return source


def test_a_complete_catalogue_has_no_problem() -> None:
    assert list(translations.problems(french("Oui", "Non"), catalogue(Oui="Yes", Non="No"))) == []


@pytest.mark.parametrize(
    ("source", "english", "found"),
    [
        (french("Oui", "Non"), catalogue(Oui="Yes"), ["missing: 'Non' (openmap/app.py)"]),
        (french("Oui"), catalogue(Oui=""), ["not translated: 'Oui' (nowhere)"]),
        (french("Oui"), catalogue(Oui="Yes", Non="No"), ["obsolete: 'Non' (nowhere)"]),
    ],
    ids=["missing", "empty", "obsolete"],
)
def test_an_incomplete_catalogue_is_told(source: Catalog, english: Catalog, found: list[str]) -> None:
    assert list(translations.problems(source, english)) == found


def test_a_fuzzy_sentence_is_told() -> None:
    english = Catalog(locale="en")
    english.add("Oui", "Yes", flags=["fuzzy"])
    assert list(translations.problems(french("Oui"), english)) == ["fuzzy: 'Oui' (nowhere)"]


def test_a_plural_needs_each_form() -> None:
    english = Catalog(locale="en")
    english.add(("Un créneau", "Des créneaux"), ("One slot", ""))
    assert list(translations.problems(french(("Un créneau", "Des créneaux")), english)) == [
        "not translated: 'Un créneau' (nowhere)"
    ]


def test_a_translation_fills_the_same_places() -> None:
    english = Catalog(locale="en")
    english.add("Bonjour %(name)s", "Hello %(nom)s", flags=["python-format"])
    [problem] = translations.problems(french("Bonjour %(name)s"), english)
    assert problem.endswith("'Bonjour %(name)s' (nowhere)")


def test_sentences_of_code_and_templates_are_extracted_and_an_update_keeps_what_is_translated(tmp_path: Path) -> None:
    (tmp_path / "openmap").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "openmap" / "enums.py").write_text('LABEL = mark("Structure")\n')
    (tmp_path / "templates" / "home.html").write_text(
        "<p>{{ _('Bonjour') }}{% trans %}\n  À\n  bientôt\n{% endtrans %}</p>"
    )
    source = translations.extracted(tmp_path)
    assert {message.id for message in source if message.id} == {"Structure", "Bonjour", "À bientôt"}

    path = tmp_path / "en" / "messages.po"
    translations.update(path, source)
    path.write_text(path.read_text().replace('msgid "Bonjour"\nmsgstr ""', 'msgid "Bonjour"\nmsgstr "Hello"'))
    once = translations.update(path, source)
    written = path.read_text()
    assert once["Bonjour"].string == "Hello"
    translations.update(path, source)
    assert path.read_text() == written


def test_templates_trim_their_sentences_as_the_extraction_does(tmp_path: Path) -> None:
    app = create_app(read_config({"OPENMAP_DATA_DIR": str(tmp_path)}))
    assert app.jinja_env.policies["ext.i18n.trimmed"] is True


# --- migrations


def test_a_check_constraint_missing_from_the_migrations_is_told(tmp_path: Path) -> None:
    models = sa.MetaData()
    sa.Table(
        "meeting",
        models,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("slot", sa.Integer, sa.CheckConstraint("slot >= 0", name="slot_is_counted")),
    )
    app = create_app(read_config({"OPENMAP_DATA_DIR": str(tmp_path)}))
    found = list(migrations.differences(app, models=models, empty_address=f"sqlite:///{tmp_path}/models.sqlite"))
    assert "in the models only: meeting check slot_is_counted slot >= 0" in found


@pytest.mark.database
def test_migrations_lead_to_the_models_on_postgresql_too(postgres: PostgresServer, tmp_path: Path) -> None:
    address = postgres.new_database("migrated")
    app = create_app(read_config({"OPENMAP_DATA_DIR": str(tmp_path), "OPENMAP_DATABASE_URL": address}))
    models = postgres.new_database("models")
    assert list(migrations.differences(app, models=db.metadata, empty_address=models)) == []


# --- the web process


def test_the_web_process_does_not_load_the_solver() -> None:
    script = "import sys; import openmap.app; print([name for name in sys.modules if name.startswith('ortools.sat')])"
    result = run(sys.executable, "-c", script)
    assert result.stdout == "[]\n", result.stderr


# --- what is built


@pytest.fixture(scope="session")
def unpacked_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it is installed elsewhere."""
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    assert built.returncode == 0, built.stderr
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def test_a_wheel_holds_every_template_asset_and_catalogue(unpacked_wheel: Path) -> None:
    def files(folder: Path) -> set[Path]:
        return {
            path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts
        }

    for folder in ("templates", "static"):
        assert files(unpacked_wheel / "openmap" / "_web" / folder) == files(ROOT / folder)
    package = {path for path in files(ROOT / "openmap") if path.suffix != ".pyc"}
    assert package <= files(unpacked_wheel / "openmap")


def test_the_application_of_a_wheel_shows_its_own_pages(unpacked_wheel: Path, tmp_path: Path) -> None:
    script = "from openmap.app import create_app; app = create_app(); print(app.template_folder, app.static_folder)"
    result = run(
        sys.executable, "-c", script, cwd=tmp_path, PYTHONPATH=str(unpacked_wheel), OPENMAP_DATA_DIR=str(tmp_path)
    )
    web = unpacked_wheel / "openmap" / "_web"
    assert result.stdout == f"{web / 'templates'} {web / 'static'}\n", result.stderr


# --- setting up


def program(path: Path, *, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_a_python_that_is_too_old_is_refused_with_a_sentence(tmp_path: Path) -> None:
    old = program(tmp_path / "python3", body="exit 1")  # every question about its version is answered by no
    result = run(ROOT / ".ci" / "find-python", PYTHON=str(old))
    assert result.returncode == 1
    assert result.stdout == ""
    assert "OpenMap needs Python 3.11 or newer" in result.stderr


def test_a_python_without_ensurepip_is_refused_with_the_package_to_install(tmp_path: Path) -> None:
    bare = program(tmp_path / "python3", body=f'case "$*" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"')
    result = run(ROOT / ".ci" / "create-environment", tmp_path / "venv", PYTHON=str(bare))
    assert result.returncode == 1
    assert "apt install python3-venv" in result.stderr
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize("can_install", [True, False], ids=["with apt", "without apt"])
def test_a_missing_chromium_is_installed_or_asked_for(tmp_path: Path, can_install: bool) -> None:
    """On a machine of our making: a PATH that knows the shell's tools, root and perhaps apt, but no Chromium."""
    for tool in ("cat", "env", "sh"):
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))
    programs = {"id": "echo 0", "initdb": "", "pg_ctl": ""}
    if can_install:
        programs["apt-get"] = f'case "$*" in *install*chromium) {shutil.which("ln")} -s sh {tmp_path}/chromium;; esac'
    for name, body in programs.items():
        program(tmp_path / name, body=body)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)  # Playwright has none either, and can't download one
    result = run(ROOT / ".ci" / "system-packages", cwd=tmp_path, PATH=str(tmp_path))
    assert (result.returncode == 0) is can_install, result.stderr
    assert ("install it so that" in result.stderr) is not can_install


def test_make_lists_what_it_can_do() -> None:
    result = run("make")
    assert result.returncode == 0
    for target in ("demo", "test", "check", "format", "translations", "lock", "clean"):
        assert f"make {target} " in result.stdout


OUR_SENTENCES = {  # messages of the catalogues, whatever the value: constants marked in the code
    "advice.todo", "advice.why", "advice[part].why", "columns[name]", "date.what", "families[family][0]", "job.error",
    "kept.purpose", "kept.until", "label", "line.action", "one.reason", "organisation.kind_label", "sheet.kind",
    "texts[purpose].text", "trouble.sentence", "words",
}  # fmt: skip


def test_no_template_takes_words_that_people_typed_for_a_message() -> None:
    """gettext in a template neither escapes its message nor leaves per cent signs in it alone: see `stored_words`."""
    templates = "\n".join(path.read_text() for path in sorted((ROOT / "templates").rglob("*.html")))
    told = set(re.findall(r"\b_\(([a-z_]+(?:\.[a-z_]+|\[[^\]]+\])*)\)", templates))
    others = {
        name for name in told if not name.endswith(".label") and ".".join(name.split(".")[-2:]) not in OUR_SENTENCES
    }
    assert not others
    assert "level.advice.why" in told
