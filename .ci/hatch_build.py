"""Compile the translations before each build, and put templates and static files into the wheel."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface[Any]):
    """What a wheel needs beyond the Python files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before a wheel (`version` "standard") or an editable install ("editable") is built."""
        for source in Path(self.root, "openmap", "translations").glob("*/LC_MESSAGES/*.po"):
            compile_catalogue(source)
        # An editable install reads both folders where they lie: a copy beside it would only go stale.
        if version == "standard":
            for folder in ("templates", "static"):
                build_data["force_include"][str(Path(self.root, folder))] = f"openmap/_web/{folder}"


def compile_catalogue(source: Path) -> None:
    """Write `source`, a .po file, as the .mo file beside it."""
    with source.open("rb") as text, source.with_suffix(".mo").open("wb") as binary:
        write_mo(binary, read_po(text))
