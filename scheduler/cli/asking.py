"""`explain` and `bound`: why something isn't met, and what nothing can exceed."""

from __future__ import annotations

from dataclasses import asdict, replace

import click

from scheduler.cli.base import DONE, commands, named, print_json, print_lines, read, read_both
from scheduler.errors import InvalidInput
from scheduler.formats.serialization import instance_sha256, read_instance, read_solution, solution_document
from scheduler.instance import Instance
from scheduler.solution import Solution
from scheduler.terminal import files, sentences


@commands.command()
@click.argument("instance")
@click.argument("solution")
@click.argument("request", required=False)
@click.option("--json", "as_json", is_flag=True, help="Data instead of sentences.")
def explain(instance: str, solution: str, request: str | None, *, as_json: bool) -> int:
    """Say why REQUEST, or each unmet request, has no meeting in SOLUTION, and what would give it one.

    For one REQUEST also what stands in each of its slots; for all of them also what limits every best schedule.
    """
    from scheduler.explain import bottleneck, explanation

    question, answer = _matching(instance, solution)
    if request is not None and all(each.id != request for each in question.requests):
        raise InvalidInput("request", f'no request "{request}"')
    meetings = [each for each in answer.meetings if each.request == request]
    found = explanation(question, answer, request)
    told = replace(answer, meetings=tuple(meetings), unmet=found.unmet)
    if request is not None:
        return _one_explained(question, answer, told, as_json=as_json)
    cut = bottleneck(question)
    if as_json:
        unmet = solution_document(told)["unmet"]
        print_json({"meetings": [], "unmet": unmet, "all_tried": found.all_tried, "bottleneck": asdict(cut)})
    else:
        more = [] if found.all_tried else [sentences.NOT_ALL_TRIED]
        print_lines([*map(sentences.unmet_sentence, found.unmet), *more, sentences.bottleneck_sentence(cut)])
    return DONE


def _one_explained(question: Instance, answer: Solution, told: Solution, *, as_json: bool) -> int:
    from scheduler.explain import obstacles

    found = [obstacle for each in told.unmet for obstacle in obstacles(question, answer, each.request)]
    if as_json:
        document = solution_document(told)
        in_the_way = [asdict(obstacle) for obstacle in found]
        print_json({"meetings": document["meetings"], "unmet": document["unmet"], "obstacles": in_the_way})
        return DONE
    print_lines(
        [
            *map(sentences.meeting_sentence, told.meetings),
            *map(sentences.unmet_sentence, told.unmet),
            *map(sentences.obstacle_sentence, found),
        ]
    )
    return DONE


def _matching(instance: str, solution: str) -> tuple[Instance, Solution]:
    question_text, answer_text = read_both(instance, solution)
    question = named(instance, read_instance, question_text)
    answer = named(solution, read_solution, answer_text)
    if answer.instance_sha256 != instance_sha256(question):
        raise InvalidInput(files.shown_path(solution), "instance_sha256: made for another instance")
    return question, answer


@commands.command()
@click.argument("instance")
@click.option("--json", "as_json", is_flag=True, help="Data instead of sentences.")
def bound(instance: str, *, as_json: bool) -> int:
    """Say what no schedule of INSTANCE can exceed, and what limits them all, without searching one."""
    from scheduler.explain import bottleneck
    from scheduler.flow.relaxation import bound as best_possible

    question = read(instance, read_instance)
    levels = best_possible(question)
    cut = bottleneck(question) if levels else None
    if as_json:
        known = [{"name": level.name, "bound": level.bound} for level in levels]
        print_json({"levels": known, "bottleneck": None if cut is None else asdict(cut)})
    elif cut is None:
        print_lines([sentences.NO_BOUND])
    else:
        print_lines([*map(sentences.bound_sentence, levels), sentences.bottleneck_sentence(cut)])
    return DONE
