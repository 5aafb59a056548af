"""Which columns each kind of sheet may have, and which of them an error of the interface is about. Pure."""

from server.imports.book_fields import DELIVERY_FIELDS, PLEDGE_FIELDS
from server.imports.fields import NEED_FIELDS, OFFER_FIELDS, Field
from server.imports.project_fields import PROJECT_FIELDS
from server.imports.rules import Kind

FIELDS: dict[Kind, tuple[Field, ...]] = {
    "needs": NEED_FIELDS,
    "offers": OFFER_FIELDS,
    "projects": PROJECT_FIELDS,
    "pledges": PLEDGE_FIELDS,
    "deliveries": DELIVERY_FIELDS,
}


NAMING: dict[Kind, tuple[str, ...]] = {"pledges": ("title", "record"), "deliveries": ("title", "record", "pledge")}
"""By which columns a row says what it is about, one of which has to be there; else by its title."""


def words_of(kind: Kind) -> dict[str, tuple[str, ...]]:
    """The words for each field of a kind, as layout.guess takes them."""
    return {field.code: field.all_words for field in FIELDS[kind]}


PATHS = {
    "place_code": "place",
    "window.from": "window_from",
    "window.to": "window_to",
    "window": "window_to",
    "beneficiaries.households": "households",
    "beneficiaries.persons": "persons",
    "restriction.kind": "restriction",
    "restriction.places": "places",
    "restriction": "restriction",
    "client_ref": "ref",
    "cost.amount_fen": "cost",
}


def field_of(path: str, kind: Kind) -> str:
    """The field of a sheet that an error of the interface is about ('' for the row as a whole)."""
    known = {field.code for field in FIELDS[kind]}
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        begun = ".".join(parts[:length])
        if begun in PATHS or begun in known:
            return PATHS.get(begun, begun)
    return ""
