"""Instances and solutions as JSON, both ways."""

from scheduler.formats.reading import INSTANCE_FORMAT, SOLUTION_FORMAT, read_instance, read_solution
from scheduler.formats.writing import (
    dump_instance,
    dump_solution,
    instance_document,
    instance_rows,
    instance_sha256,
    solution_document,
    solution_rows,
)

__all__ = [
    "INSTANCE_FORMAT",
    "SOLUTION_FORMAT",
    "dump_instance",
    "dump_solution",
    "instance_document",
    "instance_rows",
    "instance_sha256",
    "read_instance",
    "read_solution",
    "solution_document",
    "solution_rows",
]
