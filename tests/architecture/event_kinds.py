"""Which kinds of event the server records, read from its source: every name that ends as the kind of an `Event`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

SERVER = Path(__file__).parents[2] / "server"
BY_STATUS = {"delivery": ("planned", "sent")}
"""What a new record tells by its own status: only these two can a delivery begin with."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Domain:
    """One folder of the server; `recorders` are its functions that get the name of an event as an argument."""

    folder: Path
    module: str = ""
    """The one that is read just now."""
    kinds: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    recorders: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    """By name: the parameter, its place, and what stands before it in the kind, as `pledge.`."""

    @cached_property
    def trees(self) -> dict[str, ast.Module]:
        return {path.stem: ast.parse(path.read_text("utf-8")) for path in sorted(self.folder.glob("*.py"))}

    @cached_property
    def functions(self) -> list[tuple[str, Function]]:
        """Every function with the module where it stands."""
        return [(m, node) for m, tree in self.trees.items() for node in ast.walk(tree) if isinstance(node, Function)]

    @cached_property
    def past(self) -> list[str]:
        """The values of the folder's table of past tenses."""
        assigned = [node for tree in self.trees.values() for node in tree.body if isinstance(node, ast.Assign)]
        tables = [node.value for node in assigned if ast.unparse(node.targets[0]) == "PAST"]
        return [word for table in tables for word in ast.literal_eval(table).values()]

    def read(self) -> None:
        """Find the kinds: first those of `Event(…)` itself, then through the functions that pass a name on to it."""
        for site in self.functions:
            self.module, function = site
            for call in calls(function):
                if ast.unparse(call.func) == "Event" and call.args:
                    self.resolve(call.args[0], "", function)
        known = 0
        while known != len(self.recorders):
            known = len(self.recorders)
            for site in self.functions:
                self.module, function = site
                for call in calls(function):
                    self.follow(call, function)

    def known_as(self, name: str) -> str:
        """A private function is known within its module alone."""
        return f"{self.module}.{name}" if name.startswith("_") else name

    def follow(self, call: ast.Call, function: Function) -> None:
        """Read what is handed to a function that records."""
        owner, _, name = ast.unparse(call.func).rpartition(".")
        if owner == "uow" or self.known_as(name) not in self.recorders:
            return
        parameter, place, before = self.recorders[self.known_as(name)]
        named = [keyword.value for keyword in call.keywords if keyword.arg == parameter]
        self.resolve(named[0] if named else call.args[place], before, function)

    def resolve(self, said: ast.expr, before: str, function: Function) -> None:
        """Take down the kinds that an expression can stand for, or say that it cannot be read."""
        parameters = [one.arg for one in function.args.args]
        match said:
            case ast.Constant(value=str(word)):
                self.kinds.add(before + word)
            case ast.IfExp(body=one, orelse=other):
                self.resolve(one, before, function)
                self.resolve(other, before, function)
            case ast.JoinedStr(values=[ast.Constant(value=str(start)), ast.FormattedValue(value=name)]):
                self.resolve(name, before + start, function)
            case ast.Subscript(value=table) if ast.unparse(table).rpartition(".")[2] == "PAST":
                self.kinds |= {before + word for word in self.past}
            case ast.Name(id=name) if name in parameters:
                self.recorders.setdefault(self.known_as(function.name), (name, parameters.index(name), before))
            case ast.Name(id=name) if values := list(assigned_to(name, function)):
                for value in values:
                    self.resolve(value, before, function)
            case ast.Attribute(attr="status") if before.rstrip(".") in BY_STATUS:
                self.kinds |= {before + word for word in BY_STATUS[before.rstrip(".")]}
            case _:
                self.unread.append(f"{self.folder.name}.{function.name}: {ast.unparse(said)}")


def calls(function: Function) -> Iterator[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))


def assigned_to(name: str, function: Function) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            yield node.value


def recorded() -> tuple[set[str], list[str]]:
    """All kinds of event, and the places where the name of one could not be read."""
    domains = [Domain(folder) for folder in sorted(SERVER.iterdir()) if folder.is_dir()]
    for domain in domains:
        domain.read()
    return set().union(*(domain.kinds for domain in domains)), [one for domain in domains for one in domain.unread]
