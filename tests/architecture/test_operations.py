"""Every operation is declared whole, and the interface describes itself."""

import re

import orjson
import pytest
from openapi_spec_validator import validate

from server.activity import jobs
from server.health import openapi_bytes
from server.kit.endpoint import PREFIX, UNSAFE, Operation
from server.kit.policy import ANYONE
from server.operations import DOMAINS, all_operations
from server.wiring import _HANDLING
from workers.registry import JOBS
from workers.schedule import DAILY, SCHEDULE

OPERATIONS = all_operations()

# What people who are not signed in may do: sign in and out, read what is public, and use a link that was handed to
# them, or to everybody. Nothing else, ever.
OPEN = {
    "GET session", "POST session", "DELETE session",
    "POST session/openid", "POST session/openid/finish", "POST session/openid/code", "POST session/openid/sign-out",
    "GET places", "GET places/{}", "GET places/{}/exit-reviews", "GET places/{}/published-records",
    "GET places/{}/fiscal", "GET places/counties-map",
    "GET resource-types",
    "POST invitations/look", "POST invitations/accept", "POST registrations", "POST password-resets", "POST password-resets/confirm",
    "GET participants/alike",
    "GET open-needs/{}", "POST commitments/codes", "POST commitments",
    "GET open-campaigns/{}", "GET certificates/{}", "POST commitments/session",
}  # fmt: skip


def label(operation: Operation) -> str:
    return f"{operation.method} {re.sub('{[^}]*}', '{}', operation.path.removeprefix(PREFIX + '/'))}"


@pytest.mark.parametrize("operation", OPERATIONS, ids=label)
def test_an_operation_is_declared_whole(operation: Operation) -> None:
    assert operation.action in operation.policy.actions
    assert operation.doc[0].isupper()
    assert operation.doc.splitlines()[0].endswith((".", "?"))
    assert operation.path.startswith(PREFIX)
    if "{" in operation.path and not operation.policy.is_open(operation.action):
        assert operation.loads is not None, "a path with an id needs its loader"
    if operation.if_match:
        assert operation.method in UNSAFE
    if operation.method == "PATCH":
        assert operation.if_match, "a change names the version that it changes"
    assert operation.streams or operation.status == 204 or operation.output is not None


def test_names_and_addresses_are_unique() -> None:
    names = [operation.name for operation in OPERATIONS]
    assert len(names) == len(set(names)), sorted({name for name in names if names.count(name) > 1})
    addresses = [(operation.method, operation.path) for operation in OPERATIONS]
    assert len(addresses) == len(set(addresses))


def test_strangers_may_only_come_in_and_read_what_is_public() -> None:
    assert {label(operation) for operation in OPERATIONS if operation.policy.is_open(operation.action)} <= OPEN


def test_no_rule_grants_what_no_operation_does_without_saying_so() -> None:
    """An action that no operation has is one that a record's `can` or another rule reads; none is a slip of the pen."""
    done = {(operation.policy.kind, operation.action) for operation in OPERATIONS}
    policies = {operation.policy.kind: operation.policy for operation in OPERATIONS}
    unused = {(kind, action) for kind, policy in policies.items() for action in policy.actions} - done
    assert {kind for kind, action in unused if action in ("create", "change", "delete")} == set()


def test_every_domain_with_operations_is_collected_and_every_handler_registered() -> None:
    assert len({domain.__name__ for domain in DOMAINS}) == len(DOMAINS)
    assert all(hasattr(events, "register") for events in _HANDLING)


def test_the_description_is_valid_and_complete() -> None:
    document = orjson.loads(openapi_bytes())
    validate(document)
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert len(described) == len(OPERATIONS)
    assert all(
        "422" in methods["post"]["responses"]
        for path, methods in document["paths"].items()
        if "requestBody" in methods.get("post", {})
    )


def test_a_rule_for_anyone_is_for_reading_or_coming_in() -> None:
    for operation in OPERATIONS:
        for rule in operation.policy.rules:
            if ANYONE in rule.roles and operation.action in rule.actions:
                assert operation.method == "GET" or label(operation) in OPEN, label(operation)


def test_the_server_names_the_jobs_that_the_workers_have() -> None:
    assert set(JOBS) == jobs.NAMES
    assert {*SCHEDULE, *DAILY} <= set(JOBS)
    named = {value for name, value in vars(jobs).items() if name.isupper() and isinstance(value, str)}
    assert named == jobs.NAMES
    assert all(function.__doc__ for function in JOBS.values())
