"""Spreadsheets from strangers: read when honest, refused at once with a sentence when not."""

import csv
import io
import time
import tracemalloc
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from openmap.core.spreadsheets import (
    CellTooLong,
    Sheet,
    SheetEmpty,
    SheetLies,
    SheetLocked,
    SheetOfAnotherKind,
    SheetRefused,
    SheetTooLarge,
    SheetUnsafe,
    TooManyColumns,
    TooManyRows,
    csv_bytes,
    guess_columns,
    read_sheet,
)

SHEET = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def read(content: bytes, name: str = "besoins.xlsx", **options: int) -> Sheet:
    return read_sheet(io.BytesIO(content), name, **options)


def workbook(*rows, hidden=None) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    if hidden:
        book.create_sheet("Notes", 0).sheet_state = hidden
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """A workbook in which one part is replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(["Objet"], ["Serveurs"]))) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def with_rows(rows: str) -> bytes:
    return with_part("xl/worksheets/sheet1.xml", f"{SHEET}<sheetData>{rows}</sheetData></worksheet>".encode())


def test_a_workbook_is_read_with_its_line_numbers_and_values_as_people_type_them():
    sheet = read(workbook(["Objet", "Montant", "Date", "Ouvert"], [], [" Tri ", 75011.0, date(2027, 3, 1), True]))
    assert sheet == Sheet(["Objet", "Montant", "Date", "Ouvert"], [["Tri", "75011", "2027-03-01", "oui"]], [3])


def test_a_hidden_sheet_is_passed_over():
    assert read(workbook(["Objet"], ["Tri"], hidden="hidden")).rows == [["Tri"]]


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", "\t")]
)
def test_a_csv_of_any_spreadsheet_is_read(encoding, delimiter):
    text = f'Objet{delimiter}Été\r\n\r\n"deux\nlignes"{delimiter}"d’un ""mot"""\r\n'
    assert read(text.encode(encoding), "Besoins.CSV") == Sheet(["Objet", "Été"], [["deux\nlignes", 'd’un "mot"']], [3])


def test_a_line_longer_than_the_headings_loses_nothing():
    assert read(b"a;b\n1;2;3\n4\n", "b.csv") == Sheet(["a", "b", ""], [["1", "2", "3"], ["4", "", ""]], [2, 3])


def endless_text() -> bytes:
    return with_rows("<row><c t='inlineStr'><is><t>" + "a" * 9_000_000 + "</t></is></c></row>")


def lying_directory() -> bytes:
    """A zip that says its members are a million, all the same bytes."""
    entry = b"PK\x01\x02" + bytes(42)
    return b"PK\x03\x04" + entry * 100_000


HOSTILE = {
    "zip bomb": (lambda: with_part("xl/worksheets/sheet1.xml", SHEET.encode() + b" " * 300_000_000), SheetUnsafe),
    "bomb in a part of another name": (lambda: with_part("xl/media/image1.png", bytes(60_000_000)), SheetUnsafe),
    "a billion laughs": (
        lambda: with_part("xl/sharedStrings.xml", b'<!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;">]><sst>&d;</sst>'),
        SheetUnsafe,
    ),
    "external entity": (
        lambda: with_part("xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
        SheetUnsafe,
    ),
    "entities in another encoding": (
        lambda: with_part("xl/sharedStrings.xml", '<!DOCTYPE a [<!ENTITY b "c">]><sst>&b;</sst>'.encode("utf-16")),
        SheetUnsafe,
    ),
    "endless text": (endless_text, SheetUnsafe),
    "a million cells": (lambda: with_rows("<row>" + "<c/>" * 600_000 + "</row>"), SheetUnsafe),
    "a million styles": (lambda: with_part("xl/styles.xml", b"<styleSheet>" + b"<xf/>" * 600_000), SheetUnsafe),
    "a cell far to the right": (lambda: with_rows('<row><c r="XFD1"><v>1</v></c></row>'), SheetUnsafe),
    "a row far below": (lambda: with_rows('<row r="999999999999"><c><v>1</v></c></row>'), TooManyRows),
    "many directory entries": (lying_directory, SheetUnsafe),
    "a number of 9000 digits": (lambda: with_rows("<row><c><v>" + "9" * 9000 + "</v></c></row>"), SheetRefused),
    "a missing shared text": (lambda: with_rows('<row><c t="s"><v>7</v></c></row>'), SheetRefused),
    "broken XML": (lambda: with_rows("<row><c></row>"), SheetRefused),
    "cut in half": (lambda: workbook(["Objet"], ["Tri"])[:2000], SheetLies),
    "a zip of anything": (lambda: with_part("[Content_Types].xml", b"<a/>"), SheetRefused),
    "only a hidden sheet": (lambda: with_part("xl/workbook.xml", b"<workbook/>"), SheetRefused),
    "a PDF": (lambda: b"%PDF-1.7", SheetLies),
    "encrypted": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), SheetLocked),
    "nothing": (lambda: b"", SheetEmpty),
    "headings only": (lambda: workbook(["Objet"]), SheetEmpty),
    "too many lines": (lambda: workbook(["Objet"], *[["Tri"]] * 5001), TooManyRows),
    "too many columns": (lambda: workbook(["Objet"] * 101, ["Tri"]), TooManyColumns),
    "too heavy": (lambda: b"PK\x03\x04" + bytes(100_000_000), SheetTooLarge),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_in_a_second_and_100_mb(name):
    make, refusal = HOSTILE[name]
    content = make()
    started = time.process_time()
    with pytest.raises(refusal):
        read(content)
    assert time.process_time() - started < 1
    tracemalloc.start()
    with pytest.raises(refusal):
        read(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (workbook(["Objet"], ["Tri"]), SheetLies),
        (b"\x00\x01\x02\xff" * 100, SheetLies),
        (b"\xff\xfea", SheetLies),
        (b"a;b\n" + b"x" * 200_000 + b";2\n", SheetRefused),
        (b"a;b\n" + b"x" * 40_000 + b";2\n", CellTooLong),
        (b"\n" * 4_000_000, TooManyRows),
        (b";" * 4_000_000, TooManyColumns),
        (b'"' + b"\n" * 4_000_000, SheetRefused),
    ],
)
def test_a_hostile_csv_is_refused_in_a_second(content, refusal):
    started = time.process_time()
    with pytest.raises(refusal):
        read(content, "besoins.csv")
    assert time.process_time() - started < 1


@pytest.mark.parametrize("name", ["besoins.xls", "besoins.xlsm", "besoins.ods", "besoins", "", "csv"])
def test_another_kind_of_file_is_told_how_to_become_one(name):
    with pytest.raises(SheetOfAnotherKind if name != "csv" else SheetEmpty):
        read(b"", name)


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(content):
    for name in ("a.csv", "a.xlsx"):
        for start in (b"", b"PK\x03\x04", b"a;b\n"):
            try:
                sheet = read(start + content, name)
            except SheetRefused:
                continue
            assert all(len(row) == len(sheet.headers) for row in sheet.rows)


def test_columns_are_guessed_by_their_usual_names_each_once():
    wanted = {"title": ["objet", "besoin"], "amount": ["montant"], "low": ["montant mini"], "none": ["couleur"]}
    assert guess_columns(["N°", "Montant mini (€)", "Objet du BESOIN", "Montant"], wanted) == {
        "title": 2,
        "amount": 3,
        "low": 1,
    }


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2), min_size=1))
def test_no_text_of_a_csv_is_a_formula_and_none_is_lost(rows):
    content = csv_bytes(["objet", "=titre"], rows)
    assert content.startswith(b"\xef\xbb\xbfobjet;'=titre\r\n")
    read_back = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))[1:]
    for written, row in zip(rows, read_back, strict=True):
        for text, cell in zip(written, row, strict=True):
            assert not cell.lstrip().startswith(("=", "+", "-", "@"))
            assert cell in {text, "'" + text}


def test_numbers_stay_numbers_in_a_csv():
    assert csv_bytes(["montant"], [[-3], [None], ["-3"]]).decode("utf-8-sig") == 'montant\r\n-3\r\n""\r\n\'-3\r\n'
