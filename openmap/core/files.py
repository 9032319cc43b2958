"""Files that people send: checked for what they are, not for what they are called, and kept as rows.

The check costs time (a PDF is read in a process of its own), so it comes before the unit of work:

    checked = checked_upload(storage, kinds={FileType.PDF})     # or an UploadField, see core/uploads.py
    with unit_of_work():
        stored = keep_file(checked, at=now())
"""

import hashlib
import io
import subprocess
import sys
import unicodedata
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PIL import Image, ImageOps
from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from openmap.core.db import session
from openmap.core.errors import RuleBroken
from openmap.core.models import Base, LabelledEnum
from openmap.core.text import clean_text, mark

MEGABYTE = 1024 * 1024
LARGEST_FILE = 5 * MEGABYTE
LONGEST_NAME = 120
PAGE_LIMIT = 60
PIXEL_LIMIT = 24_000_000  # 100 MB once opened; more than a telephone's photograph
SHARPEST_SIDE = 2000
PDF_PATIENCE_S = 20  # of the clock: its own limit is processor time
PACKAGE = Path(__file__).resolve().parents[2]


class FileType(LabelledEnum):
    """What a file can be."""

    PDF = "pdf", mark("PDF")
    IMAGE = "image", mark("image (PNG, JPEG ou WebP)")


MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "PDF": "application/pdf"}
SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "application/pdf": ".pdf"}


class FileRefused(RuleBroken):
    """The file cannot be kept; the sentence says why and what to send instead."""

    message = mark("Ce fichier ne peut pas être gardé. Envoyez-en un autre.")


class FileIsEmpty(FileRefused):
    """There is nothing in it, or nothing came."""

    message = mark("Ce fichier est vide. Choisissez-le de nouveau, ou envoyez-en un autre.")


class FileTooLarge(FileRefused):
    """It weighs more than what is kept."""

    message = mark("Ce fichier pèse plus de %(limit)s Mo. Réduisez-le, ou envoyez-en une version plus légère.")
    status = 413


class WrongFileType(FileRefused):
    """Its content is of no kind that was asked for, whatever its name says."""

    message = mark("Ce fichier n’est pas du type demandé, quel que soit son nom. Enregistrez-le dans un type accepté.")


class UnreadableFile(FileRefused):
    """It is damaged."""

    message = mark("Ce fichier est abîmé : il ne s’ouvre pas. Enregistrez-le de nouveau, puis renvoyez-le.")


class EncryptedPdf(FileRefused):
    """It asks for a password."""

    message = mark("Ce PDF est protégé. Enregistrez-le sans mot de passe ni protection, puis renvoyez-le.")


class ActivePdf(FileRefused):
    """It holds a program, or another file."""

    message = mark(
        "Ce PDF contient un programme, un formulaire qui envoie des données ou un autre fichier. Imprimez-le en PDF, "
        "puis envoyez cette copie."
    )


class PdfTooLong(FileRefused):
    """It has more pages than anyone reads."""

    message = mark("Ce PDF a plus de %(limit)s pages. Envoyez les pages utiles.")


class TooManyPixels(FileRefused):
    """Opening the image would take too much memory."""

    message = mark("Cette image est trop grande. Envoyez-en une de 4 000 points de côté au plus.")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept: a clean name, its real type, its content (an image was encoded again)."""

    name: str
    media_type: str
    content: bytes


class StoredFile(Base):
    """One file; `content` is read only when it is asked for, `sha256` names the content."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("size > 0", name="file_is_not_empty"),)

    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    media_type: Mapped[str] = mapped_column(String(60))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime]


def checked_upload(
    storage: FileStorage, *, kinds: Collection[FileType], sharpest_side: int = SHARPEST_SIDE
) -> CheckedFile:
    """Read an upload and say what it is; an image loses its metadata and keeps `sharpest_side` pixels a side.

    Raises FileRefused.
    """
    content = storage.stream.read(LARGEST_FILE + 1)
    if not content:
        raise FileIsEmpty
    if len(content) > LARGEST_FILE:
        raise FileTooLarge(limit=LARGEST_FILE // MEGABYTE)
    if FileType.PDF in kinds and content.startswith(b"%PDF-"):
        _check_pdf(content)
        return _named(storage, MEDIA_TYPES["PDF"], content)
    if FileType.IMAGE in kinds and content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")):
        return _named(storage, *_encoded_again(content, sharpest_side))
    raise WrongFileType


def keep_file(checked: CheckedFile, *, at: datetime) -> StoredFile:
    """Add a checked file to the current unit of work."""
    stored = StoredFile(
        name=checked.name,
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=hashlib.sha256(checked.content).hexdigest(),
        content=checked.content,
        created_at=at,
    )
    session.add(stored)
    session.flush()
    return stored


def _named(storage: FileStorage, media_type: str, content: bytes) -> CheckedFile:
    """Keep the name without folders, its ending being that of the real type."""
    base = clean_text((storage.filename or "").replace("\\", "/").rpartition("/")[2])
    base = "".join(char for char in base if unicodedata.category(char) != "Cf")  # none that turns the ending around
    stem = " ".join(base.rpartition(".")[0].split() or base.split())
    suffix = SUFFIXES[media_type]
    return CheckedFile((stem or "fichier")[: LONGEST_NAME - len(suffix)] + suffix, media_type, content)


def _check_pdf(content: bytes) -> None:
    command = [sys.executable, "-m", "openmap.core.pdf_check", str(PAGE_LIMIT)]
    try:
        judged = subprocess.run(  # noqa: S603 - our own program, no argument of a stranger
            command, input=content, capture_output=True, timeout=PDF_PATIENCE_S, check=False, cwd=PACKAGE
        )
    except subprocess.TimeoutExpired:
        raise UnreadableFile from None
    word = judged.stdout.decode("ascii", "replace")
    if word == "ok":
        return
    if word == "long":
        raise PdfTooLong(limit=PAGE_LIMIT)
    raise {"encrypted": EncryptedPdf, "active": ActivePdf}.get(word, UnreadableFile)


def _encoded_again(content: bytes, side: int) -> tuple[str, bytes]:
    """The image's media type and a fresh copy: upright, no larger than needed, with nothing but its pixels."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # `PIXEL_LIMIT` is lower
            opened = Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP"))
        if opened.width * opened.height > PIXEL_LIMIT:
            raise TooManyPixels
        kind = str(opened.format)
        pixels = _plain(opened, side)
        kept = io.BytesIO()
        pixels.save(kept, kind, **({"quality": 88} if kind != "PNG" else {"optimize": True}))
    except Image.DecompressionBombError:
        raise TooManyPixels from None
    except (OSError, ValueError, SyntaxError, MemoryError):
        raise UnreadableFile from None
    return MEDIA_TYPES[kind], kept.getvalue()


def _plain(opened: Image.Image, side: int) -> Image.Image:
    opened.draft("RGB", (side, side))  # a large photograph is read at the scale it is kept
    upright = ImageOps.exif_transpose(opened)
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    pixels = upright.convert("RGBA" if has_alpha else "RGB")
    pixels.thumbnail((side, side))
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    return bare
