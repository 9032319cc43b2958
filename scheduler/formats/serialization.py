"""Instances and solutions as JSON, both ways."""

from scheduler.formats.reading import INSTANCE_FORMAT, SOLUTION_FORMAT, read_instance, read_solution
from scheduler.formats.writing import (
    document_sha256,
    dump_instance,
    dump_solution,
    instance_document,
    instance_sha256,
    solution_document,
)

__all__ = [
    "INSTANCE_FORMAT",
    "SOLUTION_FORMAT",
    "document_sha256",
    "dump_instance",
    "dump_solution",
    "instance_document",
    "instance_sha256",
    "read_instance",
    "read_solution",
    "solution_document",
]
