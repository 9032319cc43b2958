"""What a workbook must be before openpyxl opens it: few parts, small once unpacked, plain XML without entities."""

from io import BytesIO
from typing import IO
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

DIRECTORY_ENTRY = b"PK\x01\x02"
MOST_PARTS = 500
LARGEST_UNPACKED = 16 * 1024 * 1024
MOST_CELL_ELEMENTS = 500_000  # 5 000 lines of 20 columns take 400 000
MOST_OTHER_ELEMENTS = 30_000  # styles and relations, which openpyxl keeps in memory as objects
LONGEST_MARKUP = 256 * 1024  # one text or tag
CHUNK = 64 * 1024
CELL_ELEMENTS = frozenset(("row", "c", "v", "f", "is", "t", "si", "r"))


class UnsafeWorkbook(Exception):
    """No honest spreadsheet looks like this."""


def check_workbook(content: bytes) -> None:
    """Raise UnsafeWorkbook, or BadZipFile, when opening `content` would cost much time or memory."""
    if content.count(DIRECTORY_ENTRY) > MOST_PARTS:
        raise UnsafeWorkbook("too many parts")
    with ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise UnsafeWorkbook("too large")
        if any(part.flag_bits & 1 or part.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for part in parts):
            raise UnsafeWorkbook("encrypted or packed in an unusual way")
        if len({part.filename for part in parts}) < len(parts):
            raise UnsafeWorkbook("two parts of one name")
        guard = _Guard()
        for part in parts:
            with archive.open(part) as stream:
                guard.check(stream)


class _Guard:
    """Counts what all the parts hold together: any of them may be the one that openpyxl is sent to."""

    def __init__(self) -> None:
        self._cells = MOST_CELL_ELEMENTS
        self._others = MOST_OTHER_ELEMENTS
        self._parser: XMLParserType = ParserCreate()
        self._read_to = 0

    def check(self, stream: IO[bytes]) -> None:
        self._parser = parser = ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._element
        self._read_to = fed = 0
        while chunk := stream.read(CHUNK):
            try:
                parser.Parse(chunk)
            except ExpatError:  # openpyxl's parser, the same, stops here too: a picture, or a damaged part
                return
            fed += len(chunk)
            if fed - self._read_to > LONGEST_MARKUP:
                raise UnsafeWorkbook("one endless text")

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        self._read_to = self._parser.CurrentByteIndex
        tag = name.rpartition(":")[2]
        if tag not in CELL_ELEMENTS:
            self._others -= 1
        else:
            self._cells -= 1
            if tag == "c" and attributes.get("r", "")[2:3].isalpha():
                raise UnsafeWorkbook("a cell beyond column ZZ")
        if self._cells < 0 or self._others < 0:
            raise UnsafeWorkbook("too many elements")


def _refuse_doctype(*_declaration: object) -> None:
    raise UnsafeWorkbook("a document type, which may define entities")
