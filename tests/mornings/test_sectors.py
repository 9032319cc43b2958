"""The list of sector groups in the data is the one in the code."""

import csv

from openmap.demo.mornings import DATA
from openmap.organisations.enums import Sector


def test_every_sector_group_is_known_by_its_code_and_label() -> None:
    with (DATA.parent / "sectors.csv").open(encoding="utf-8", newline="") as file:
        labels = {row["code"]: row["label_fr"] for row in csv.DictReader(file)}
    assert {sector.value: sector.label for sector in Sector} == labels
