"""Rows that no model checked: every page of them, in whatever test, is held to the schema that it is declared with."""

from typing import Any

import pytest

from server.kit import endpoint
from server.kit.paging import Listed


def hold_to_schema(patch: pytest.MonkeyPatch) -> None:
    """Let a Listed reply fail that its schema does not take, or would write otherwise."""
    reply = endpoint._reply

    def checked(operation: endpoint.Operation, call: endpoint.Call, result: Any) -> Any:
        response = reply(operation, call, result)
        if isinstance(result, Listed):
            assert operation.output is not None
            body = bytes(response.body)
            assert operation.output.dump_json(operation.output.validate_json(body), by_alias=True) == body
        return response

    patch.setattr(endpoint, "_reply", checked)
