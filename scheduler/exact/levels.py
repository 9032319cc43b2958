"""Level after level with CP-SAT: each is optimised without giving up anything of those above."""

from __future__ import annotations

from ortools.sat.python.cp_model import FEASIBLE, INFEASIBLE, OPTIMAL, CpModel, CpSolver

from scheduler.exact.constraints import HARD_RULES
from scheduler.exact.counting import counted_breaks, counts_only
from scheduler.exact.implied import IMPLIED, imply_unbroken_runs
from scheduler.exact.objectives import GOALS, Goal
from scheduler.exact.race import Race
from scheduler.exact.variables import Choices
from scheduler.exact.ways import Way, set_up
from scheduler.exact.whole import offer_whole
from scheduler.instance import LevelName
from scheduler.phases.measuring import MORE_IS_BETTER
from scheduler.phases.search import BY_FLOW, Outcome, Search
from scheduler.solution import Count


class LevelSearch:
    """One CP-SAT model to which the levels are added one by one."""

    def __init__(self, search: Search, allowed: list[int] | None = None) -> None:
        self.search = search
        self.choices = Choices(search.problem, allowed)
        for rule in HARD_RULES:
            rule(self.choices)

    def run(self, names: tuple[LevelName, ...], *, above_proven: bool = True) -> Outcome:
        """Optimise these levels in order; the best schedule and the bounds end up in the search.

        A bound of the flow supposes that all levels above reach theirs, so it falls once one doesn't.
        """
        search = self.search
        above_reached = above_proven
        if not search.problem.is_two_sided:
            offer_whole(search, names)
        for name in names:
            search.clock.report(str(name))
            known = search.bounds.pop(name, None)
            if name in BY_FLOW and not above_reached:
                known = None
            if known is not None and search.best is not None and known == search.value(name):
                search.bounds[name] = known
                self.hold((name,))
                continue
            outcome = self._fewest_breaks(known or 0) if name is LevelName.BREAKS else self._level(name, known)
            if outcome in {Outcome.IMPOSSIBLE, Outcome.NOTHING}:
                return outcome
            above_proven = above_proven and search.is_proven(name)
            above_reached = above_reached and search.best is not None and known == search.value(name)
        if not above_reached:
            search.least_breaks = search.least_idle = 0  # they were those of a selection that no schedule holds
        return Outcome.PROVEN if above_proven else Outcome.FOUND

    def hold(self, names: tuple[LevelName, ...]) -> None:
        """Keep what the best schedule reaches at these levels."""
        for name in names:
            for goal in GOALS[name](self.choices):
                self._hold(goal)

    def _level(self, name: LevelName, known: Count | None) -> Outcome:
        """Optimise one level, goal by goal."""
        goals = GOALS[name](self.choices)
        if known is not None and self._reaches(goals, known):
            self.search.bounds[name] = known
            return Outcome.PROVEN
        bounds: list[int] = []
        for goal in goals:
            if self.search.clock.stopped():
                if known is not None:
                    self.search.bounds[name] = known
                return Outcome.FOUND if self.search.best is not None else Outcome.NOTHING
            outcome, bound = self._optimised(goal)
            if outcome in {Outcome.IMPOSSIBLE, Outcome.NOTHING}:
                return outcome
            bounds.append(bound)
            self._hold(goal)
            if outcome is Outcome.FOUND:
                bounds.extend(map(self._trivial, goals[len(bounds) :]))  # a better count here leaves those below open
                break
            if goal.maximised and bound == 0:
                break
        self.search.bounds[name] = _tighter(name, known, self._as_count(name, bounds))
        return Outcome.PROVEN if self.search.is_proven(name) else Outcome.FOUND

    def _fewest_breaks(self, known: Count) -> Outcome:
        """Prove the fewest breaks: two searches side by side where all meetings are known, else step by step."""
        search = self.search
        (goal,) = GOALS[LevelName.BREAKS](self.choices)
        least = search.bounds[goal.name] = known if isinstance(known, int) else 0
        if search.clock.stopped():
            return Outcome.NOTHING if search.best is None else Outcome.FOUND
        for rule in IMPLIED:
            rule(self.choices)
        in_parallel = search.config.workers > 1 and counts_only(search.problem)
        outcome, bound = (self._by_race if in_parallel else self._step_by_step)(goal, least)
        if outcome in {Outcome.IMPOSSIBLE, Outcome.NOTHING}:
            return outcome
        search.bounds[goal.name] = max(least, bound)
        self._hold(goal)
        return Outcome.PROVEN if search.is_proven(goal.name) else Outcome.FOUND

    def _step_by_step(self, goal: Goal, least: int) -> tuple[Outcome, int]:
        """Try what is known to be out of reach outright, raise it by counting, then climb from it core by core."""
        search = self.search
        imply_unbroken_runs(self.choices)
        outcome, least = self._within(goal, least, share=0.4)
        if outcome is Outcome.FOUND:
            counted = counted_breaks(search.problem, search.clock, search.config)
            if counted is None:
                return Outcome.IMPOSSIBLE, least
            if counted > least:
                outcome, least = self._within(goal, counted, share=0.3)
        if outcome is Outcome.FOUND and (search.best is None or self._reached(goal) > least):
            return self._by_cores(goal, least)
        return outcome, least

    def _by_cores(self, goal: Goal, least: int) -> tuple[Outcome, int]:
        """Raise what is out of reach until a schedule is there; if none comes in time, look for any."""
        model = self.choices.model
        model.add(goal.expression >= least)
        model.minimize(goal.expression)
        status = self._solved(share=0.75, by=Way.CORES)
        model.clear_objective()  # type: ignore[no-untyped-call]  # ortools leaves it untyped
        bound = max(least, round(self.solver.best_objective_bound))
        return self._any_at_least(is_impossible=status == INFEASIBLE), bound

    def _by_race(self, goal: Goal, least: int) -> tuple[Outcome, int]:
        """The same by two searches at a time."""
        search = self.search
        for_cores = self.choices.model.clone()
        imply_unbroken_runs(self.choices)  # shortens the proof of a single question, but not that of cores
        race = Race(search, self.choices.model, for_cores, goal.expression)
        race.knows(least, None if search.best is None else self._reached(goal))
        race.run(search.clock.left())
        if race.best is not None:
            self._keep(race.best)
        if race.is_impossible:
            return Outcome.IMPOSSIBLE, race.least
        return (Outcome.NOTHING if search.best is None else Outcome.FOUND), race.least

    def _any_at_least(self, *, is_impossible: bool) -> Outcome:
        """Look for any schedule where there is none yet and none was shown to be impossible."""
        if self.search.best is None and not is_impossible:
            is_impossible = self._solved(0.5, self.choices.model.clone(), by=Way.SIMPLE) == INFEASIBLE
        if is_impossible:
            return Outcome.IMPOSSIBLE
        return Outcome.NOTHING if self.search.best is None else Outcome.FOUND

    def _within(self, goal: Goal, most: int, *, share: float) -> tuple[Outcome, int]:
        """Look for a schedule with `most` breaks, none being better; return what is then known to be out of reach.

        As a rule of its own model the limit lets CP-SAT simplify far more than as an objective or an assumption.
        """
        if self.search.best is not None and self._reached(goal) <= most:
            return Outcome.PROVEN, most
        model = self.choices.model.clone()
        model.add(goal.expression <= most)
        status = self._solved(share, model, by=Way.SIMPLE)
        if status in {OPTIMAL, FEASIBLE}:
            return Outcome.PROVEN, most
        return Outcome.FOUND, most + (status == INFEASIBLE)

    def _as_count(self, name: LevelName, bounds: list[int]) -> Count:
        if name is not LevelName.COVERAGE:
            return bounds[0]
        while bounds and not bounds[-1]:
            bounds.pop()
        return tuple(bounds)

    def _reaches(self, goals: list[Goal], known: Count) -> bool:
        """Try to reach a bound known from elsewhere outright, which is often quicker than climbing to it."""
        wanted = known if isinstance(known, tuple) else (known,)
        if len(goals) < len(wanted):
            return False
        targets = [*wanted, *[0] * (len(goals) - len(wanted))]
        model = self.choices.model
        reached = model.new_bool_var("")
        for goal, target in zip(goals, targets, strict=True):
            bounded = goal.expression >= target if goal.maximised else goal.expression <= target
            model.add(bounded).only_enforce_if(reached)
        model.clear_assumptions()
        model.add_assumption(reached)
        status = self._solved(share=0.3)
        model.clear_assumptions()
        if status in {OPTIMAL, FEASIBLE}:
            model.add(reached == 1)
            return True
        model.add(reached == 0)
        return False

    def _optimised(self, goal: Goal) -> tuple[Outcome, int]:
        model, trivial = self.choices.model, self._trivial(goal)
        if self.search.best is not None and self._reached(goal) == trivial:
            return Outcome.PROVEN, trivial
        if goal.maximised:
            model.maximize(goal.expression)
        else:
            model.minimize(goal.expression)
        status = self._solved(share=0.5)
        model.clear_objective()  # type: ignore[no-untyped-call]  # ortools leaves it untyped
        if status == INFEASIBLE:
            return Outcome.IMPOSSIBLE, 0
        if self.search.best is None:
            return Outcome.NOTHING, 0
        bound = round(self.solver.best_objective_bound) if status in {OPTIMAL, FEASIBLE} else trivial
        return (Outcome.PROVEN if status == OPTIMAL else Outcome.FOUND), bound

    def _trivial(self, goal: Goal) -> int:
        if not goal.maximised:
            return 0
        if goal.name is LevelName.SATISFACTION:
            return sum(self.search.problem.weights)
        return len(self.search.problem.previous) if goal.name is LevelName.KEPT else sum(self.search.problem.covered)

    def _reached(self, goal: Goal) -> int:
        value = self.search.value(goal.name)
        if isinstance(value, int):
            return value
        return value[goal.position] if goal.position < len(value) else 0

    def _hold(self, goal: Goal) -> None:
        """Keep what was reached while the levels below are optimised."""
        value = self._reached(goal)
        self.choices.model.add(goal.expression >= value if goal.maximised else goal.expression <= value)

    def _solved(self, share: float, model: CpModel | None = None, *, by: Way = Way.USUAL) -> int:
        """Run CP-SAT for at most `share` of the time left on our model, or a copy with more rules; keep what it finds.

        Our own model starts from the best schedule.
        """
        search = self.search
        if model is None:
            model = self.choices.model
            self._hint(model)
        self.solver = solver = CpSolver()
        solver.parameters.max_time_in_seconds = max(0.01, search.clock.left() * share)
        set_up(solver.parameters, by, search.config)
        with search.clock.watching(solver.stop_search):
            status = solver.solve(model)
        if status in {OPTIMAL, FEASIBLE}:
            self._keep(solver)
        return int(status)

    def _keep(self, solver: CpSolver) -> None:
        self.search.best = {
            request: slot
            for request, slots in enumerate(self.choices.meets_at)
            for slot, literal in slots.items()
            if solver.boolean_value(literal)
        }

    def _hint(self, model: CpModel) -> None:
        model.clear_hints()  # type: ignore[no-untyped-call]  # ortools leaves it untyped
        best = self.search.best
        if best is not None:
            for request, slots in enumerate(self.choices.meets_at):
                for slot, literal in slots.items():
                    model.add_hint(literal, best.get(request) == slot)


def _tighter(name: LevelName, known: Count | None, found: Count) -> Count:
    """Return the stronger of two bounds that both hold."""
    if isinstance(known, int) and isinstance(found, int):
        return min(known, found) if name in MORE_IS_BETTER else max(known, found)
    return min(known, found) if isinstance(known, tuple) and isinstance(found, tuple) else found
