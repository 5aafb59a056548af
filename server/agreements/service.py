"""The verbs of yearly agreements: draft, change, submit, return, sign, amend, withdraw.

The first version is a draft of both sides; submitted it stays as it is until both have signed. An amendment is a new
version, which takes the place of the one that stands with the second signature.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from server.accounts.actor import Actor
from server.agreements import reading, repository, rules, text
from server.agreements.events import facts, record
from server.agreements.models import Agreement, AgreementSignature, AgreementVersion
from server.agreements.rules import LIFECYCLE, Target, Terms
from server.agreements.schemas import (
    AgreementAmend,
    AgreementChange,
    AgreementCreate,
    AgreementQuery,
    AgreementRead,
    AgreementRow,
    AgreementSign,
    TargetInput,
)
from server.catalogue import service as catalogue
from server.kit import clock, signing
from server.kit.endpoint import Call
from server.kit.errors import NotFound, invalid_field
from server.kit.lifecycle import StepNotAllowed
from server.kit.paging import Page
from server.kit.quantity import FEN, Money
from server.kit.schema import new_id
from server.kit.shapes import Name, Reason, Remark
from server.kit.transition import change as change_row
from server.kit.transition import step
from server.kit.uow import UnitOfWork
from server.pairings import service as pairings
from server.pairings.models import Pairing
from server.pairings.service import Between
from server.participants import service as participants
from server.participants.sides import SIGNATORY, Side, sides_of, stands_in_at


async def load(call: Call) -> Agreement:
    """Loader: the agreement in the path, or NotFound when the caller may not see it."""
    found = await repository.find(call.uow, call.actor, call.param("agreement_id"))
    if found is None:
        raise NotFound
    return found


async def page(
    uow: UnitOfWork, actor: Actor, query: AgreementQuery, pairing: Pairing | None = None
) -> Page[AgreementRow]:
    """One page of the agreements that the actor may see, of one pairing or of all."""
    return await reading.page(uow, actor, query, pairing.id if pairing else None)


async def read(uow: UnitOfWork, actor: Actor, agreement: Agreement) -> AgreementRead:
    """One agreement with its text, signatures and versions."""
    return await reading.read(uow, actor, agreement.id)


async def draft(uow: UnitOfWork, actor: Actor, between: Between, body: AgreementCreate) -> AgreementRead:
    """Draft an agreement. Raises PairingNotInForce, AgreementOverlaps, NotVerified, and Invalid for each target."""
    pairings.require_in_force(between.pairing)
    await participants.require_standing(uow, between.county_id, between.giver_id)
    if await repository.overlaps(uow, between.pairing.id, between.county_id, body.year):
        raise rules.AgreementOverlaps(year=body.year)
    first, last = date(body.year, 1, 1), date(body.year, 12, 31)
    if body.window:
        first, last = body.window.from_, body.window.to
    said = Terms(first, last, await _targets(uow, body.targets), body.terms)
    agreement = Agreement(
        id=new_id(),
        pairing_id=between.pairing.id,
        county_id=between.county_id,
        giver_id=between.giver_id,
        county_code=between.county_code,
        year=body.year,
        status=LIFECYCLE.initial,
        written_by=actor.id,
    )
    columns = await _written(uow, agreement, said, 1)
    await agreement.save(using_db=uow.connection, force_create=True)
    await _keep(uow, actor, agreement, columns, "standing")
    record(uow, agreement, "drafted", None)
    return await read(uow, actor, agreement)


async def change(uow: UnitOfWork, actor: Actor, agreement: Agreement, body: AgreementChange) -> AgreementRead:
    """Write a draft anew; what somebody signed before it was returned is kept as a version of its own."""
    before = facts(agreement)
    LIFECYCLE.after(agreement.status, "change")
    said = await _changed(uow, await _standing(uow, agreement), body)
    if await repository.signatures(uow, agreement.id, agreement.revision):
        revision = await repository.last_revision(uow, agreement.id) + 1
        columns = await _written(uow, agreement, said, revision)
        await step(uow, "agreement", agreement, "change", LIFECYCLE, revision=revision)
        await _keep(uow, actor, agreement, columns, "standing")
        await repository.let_stand(uow, agreement.id, revision)
    else:
        columns = await _written(uow, agreement, said, agreement.revision)
        await step(uow, "agreement", agreement, "change", LIFECYCLE)
        await repository.rewrite(uow, agreement.id, agreement.revision, columns)
    record(uow, agreement, "changed", before)
    return await read(uow, actor, agreement)


async def submit(uow: UnitOfWork, actor: Actor, agreement: Agreement, body: Remark) -> AgreementRead:
    """Put the text before both sides' leaders. Raises NoTargets."""
    if not (await _standing(uow, agreement)).targets:
        raise rules.NoTargets
    return await _step(uow, actor, agreement, "submit", "submitted", body.remark)


async def give_back(uow: UnitOfWork, actor: Actor, agreement: Agreement, body: Reason) -> AgreementRead:
    """Take it back to be changed, with the reason; what was signed of it holds no longer once it is changed."""
    return await _step(uow, actor, agreement, "return", "returned", body.remark)


async def withdraw(uow: UnitOfWork, actor: Actor, agreement: Agreement, body: Reason) -> AgreementRead:
    """Give up an agreement that is not in effect; its year is free again."""
    return await _step(uow, actor, agreement, "withdraw", "withdrawn", body.remark)


async def sign(uow: UnitOfWork, actor: Actor, agreement: Agreement, body: AgreementSign) -> AgreementRead:
    """Sign the text for one's side, or the amendment of one in effect; it takes effect with the second signature.

    Raises TextChanged, AlreadySigned, SamePerson, NotVerified, NoAmendment.
    """
    amending = agreement.status == "effective"
    if not amending:
        LIFECYCLE.after(agreement.status, "sign")
    await participants.require_standing(uow, agreement.county_id, agreement.giver_id)
    await repository.lock(uow, agreement.id)
    version = await _waiting(uow, agreement) if amending else None
    text_hash = (version or await repository.version(uow, agreement.id, agreement.revision)).text_hash
    revision = version.revision if version else agreement.revision
    signed = await repository.signatures(uow, agreement.id, revision)
    side = signing.signing_side(signed, sides_of(actor, agreement.county_id, agreement.giver_id, SIGNATORY))
    uow.acting_for = stands_in_at(actor, side, agreement.county_id, agreement.giver_id)
    signing.check_signature(body.text_hash, text_hash, signed, uow.hands(actor.id))
    before, last = facts(agreement), bool(signed)
    if amending:
        await change_row(uow, "agreement", agreement, **({"revision": revision} if last else {}))
    elif last:
        await step(uow, "agreement", agreement, "conclude", LIFECYCLE, effective_at=clock.now())
    else:
        await step(uow, "agreement", agreement, "sign", LIFECYCLE)
    await _put_signature(uow, actor, agreement, revision, side, text_hash)
    if not amending:
        record(uow, agreement, "effective" if last else "signed", before, side=side)
        return await read(uow, actor, agreement)
    if last:
        await repository.let_stand(uow, agreement.id, revision)
    record(uow, agreement, "amended" if last else "amendment_signed", before, side=side)
    return await read(uow, actor, agreement)


async def amend(uow: UnitOfWork, actor: Actor, agreement: Agreement, body: AgreementAmend) -> AgreementRead:
    """Put other terms before both sides; until both have signed, the old text holds.

    Raises AmendmentPending, NothingAmended, Invalid, and StepNotAllowed unless it is in effect.
    """
    _require_effective(agreement, "amend")
    if await repository.amendment(uow, agreement.id):
        raise signing.AmendmentPending
    standing = await _standing(uow, agreement)
    said = await _changed(uow, standing, body)
    if said == standing:
        raise signing.NothingAmended
    if not said.targets:
        raise rules.NoTargets
    before = facts(agreement)
    columns = await _written(uow, agreement, said, await repository.last_revision(uow, agreement.id) + 1)
    await change_row(uow, "agreement", agreement)
    await _keep(uow, actor, agreement, columns, "proposed", note=body.note)
    record(uow, agreement, "amendment_proposed", before, remark=body.note)
    return await read(uow, actor, agreement)


async def decline(uow: UnitOfWork, actor: Actor, agreement: Agreement, body: Reason) -> AgreementRead:
    """Leave the agreement as it stands: the amendment that waits is dropped, by either side. Raises NoAmendment."""
    _require_effective(agreement, "decline-amendment")
    version, before = await _waiting(uow, agreement), facts(agreement)
    await change_row(uow, "agreement", agreement)
    await repository.drop(uow, agreement.id, version.revision)
    record(uow, agreement, "amendment_declined", before, remark=body.remark)
    return await read(uow, actor, agreement)


def _require_effective(agreement: Agreement, verb: str) -> None:
    if agreement.status != "effective":
        raise StepNotAllowed(record="agreement", status=agreement.status, verb=verb)


async def _step(
    uow: UnitOfWork, actor: Actor, agreement: Agreement, verb: str, event: str, remark: str
) -> AgreementRead:
    before = facts(agreement)
    await step(uow, "agreement", agreement, verb, LIFECYCLE, remark=remark)
    record(uow, agreement, event, before, remark=remark)
    return await read(uow, actor, agreement)


async def _waiting(uow: UnitOfWork, agreement: Agreement) -> AgreementVersion:
    found = await repository.amendment(uow, agreement.id)
    if found is None:
        raise signing.NoAmendment
    return found


async def _standing(uow: UnitOfWork, agreement: Agreement) -> Terms:
    version = await repository.version(uow, agreement.id, agreement.revision)
    return Terms(
        version.window_from,
        version.window_to,
        tuple(
            Target(
                each["head"],
                each["resource_type"],
                each["title"],
                Decimal(each["value"]),
                each["unit"],
                each.get("counted_by"),
            )
            for each in version.targets
        ),
        version.terms,
    )


async def _changed(uow: UnitOfWork, standing: Terms, body: AgreementChange) -> Terms:
    said = standing
    if body.window:
        said = replace(said, first=body.window.from_, last=body.window.to)
    if body.targets is not None:
        said = replace(said, targets=await _targets(uow, body.targets))
    if body.terms is not None:
        said = replace(said, terms=body.terms)
    return said


async def _targets(uow: UnitOfWork, given: list[TargetInput]) -> tuple[Target, ...]:
    found = tuple([await _target(uow, each, f"targets.{place}") for place, each in enumerate(given)])
    rules.check_targets(found)
    return found


async def _target(uow: UnitOfWork, given: TargetInput, field: str) -> Target:
    if given.resource_type is not None:
        kind = await catalogue.get_type(uow, given.resource_type, f"{field}.resource_type")
        value = catalogue.canonical(kind, given.quantity, f"{field}.quantity").value
        return Target(kind.head, kind.code, given.title, value, kind.unit)
    if given.head is None or not (given.title or given.counted_by):
        zh, en = "请选择资源类型，或填写帮扶领域和任务名称", "choose a resource type, or give a head and a title"
        raise invalid_field(f"{field}.title", "missing", zh, en)
    if isinstance(given.quantity, Money):
        return Target(given.head, None, given.title, Decimal(given.quantity.amount_fen), FEN, given.counted_by)
    return Target(given.head, None, given.title, given.quantity.value, given.quantity.unit, given.counted_by)


async def _written(uow: UnitOfWork, agreement: Agreement, said: Terms, revision: int) -> dict[str, Any]:
    """The columns of a version: what it says, its text in both languages, and the hash of that."""
    rules.check_year(agreement.year, said.first, said.last)
    sides = await pairings.sides_named(uow, agreement.county_id, agreement.giver_id)
    types = await catalogue.types(uow)
    named = {each.resource_type: types[each.resource_type] for each in said.targets if each.resource_type}
    zh, en = text.write(
        text.Facts(
            year=agreement.year,
            giver=sides.giver,
            county=sides.county,
            place=sides.place,
            types={code: Name(zh=kind.name_zh, en=kind.name_en) for code, kind in named.items()},
            said=said,
            revision=revision,
        )
    )
    return {
        "revision": revision,
        "window_from": said.first,
        "window_to": said.last,
        "targets": [{**vars(each), "value": str(each.value)} for each in said.targets],
        "terms": said.terms,
        "text_zh": zh,
        "text_en": en,
        "text_hash": signing.text_hash(zh, en),
    }


async def _keep(
    uow: UnitOfWork, actor: Actor, agreement: Agreement, columns: dict[str, Any], status: str, note: str = ""
) -> None:
    sides = sides_of(actor, agreement.county_id, agreement.giver_id)
    version = AgreementVersion(
        id=new_id(),
        agreement_id=agreement.id,
        status=status,
        note=note,
        by_side=sides[0] if sides else None,
        user_id=actor.id,
        at=clock.now(),
        **columns,
    )
    await repository.keep_version(uow, version)


async def _put_signature(
    uow: UnitOfWork, actor: Actor, agreement: Agreement, revision: int, side: Side, text_hash: str
) -> None:
    signature = AgreementSignature(
        id=new_id(),
        agreement_id=agreement.id,
        revision=revision,
        side=side,
        user_id=actor.id,
        for_user_id=uow.acting_for,
        text_hash=text_hash,
        at=clock.now(),
    )
    await repository.put_signature(uow, signature)
