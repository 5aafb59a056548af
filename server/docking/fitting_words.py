"""The engine's answer on what fits, in the caller's words."""

from decimal import Decimal
from typing import Any

from server.docking import reasons, words
from server.docking.asking import Found
from server.docking.engine.plan import Why
from server.docking.engine.problem import Weights
from server.docking.fitting_schemas import NeedFit, NeedNearly, OfferFit, OfferNearly
from server.docking.schemas import BlockRead, NeedBrief, OfferBrief, ReasonRead
from server.kit.quantity import Amount, amount
from server.kit.shapes import Window

Row = dict[str, Any]


class Words:
    """Puts one answer into words. `draft`: the need is not published yet, so it opens to some givers later."""

    def __init__(self, found: Found, weights: Weights, language: str, *, draft: bool = False) -> None:
        self.found, self.weights, self.language, self.draft = found, weights, language, draft

    def offer(self, at: int, row: Row) -> OfferFit:
        """An offer that fits."""
        return OfferFit(
            offer=_brief(OfferBrief, row),
            giver=words.participant(row, "giver"),
            quantity=self._quantity(at, row),
            score=int(self.found.ranking.score[at]),
            ranked_by=int(self.found.ranking.net[at]),
            reasons=self._reasons(at, reasons.WANTED_BY_NEEDS),
        )

    def need(self, at: int, row: Row) -> NeedFit:
        """A need that fits."""
        return NeedFit(
            need=_brief(NeedBrief, row),
            place=words.place(row),
            county=words.participant(row, "county"),
            quantity=self._quantity(at, row),
            score=int(self.found.ranking.score[at]),
            ranked_by=int(self.found.ranking.net[at]),
            reasons=self._reasons(at, reasons.WANTED_BY_OFFERS),
        )

    def nearly_offer(self, at: int, row: Row) -> OfferNearly:
        """An offer that nearly fits."""
        return OfferNearly(
            offer=_brief(OfferBrief, row),
            giver=words.participant(row, "giver"),
            blocks=[self._block(at, row, "need")],
        )

    def nearly_need(self, at: int, row: Row) -> NeedNearly:
        """A need that nearly fits."""
        return NeedNearly(
            need=_brief(NeedBrief, row),
            place=words.place(row),
            county=words.participant(row, "county"),
            blocks=[self._block(at, row, "offer")],
        )

    def _quantity(self, at: int, row: Row) -> Amount:
        fits = Decimal(int(self.found.ranking.quantity[at])).scaleb(-self.found.decimals)
        return amount(min(fits, row["open"]), row["unit"])

    def _reasons(self, at: int, wanted: reasons.Wanted) -> list[ReasonRead]:
        ranking = self.found.ranking
        parts = reasons.suggested(ranking.parts[at].tolist(), self.weights)
        said = [
            ReasonRead(
                code=part.code,
                text=reasons.SUGGESTED[part.code].say(self.language, points=part.points),
                points=part.points,
            )
            for part in parts
        ]
        price = int(ranking.score[at]) - int(ranking.net[at])
        if price:
            which = wanted.elsewhere if price > 0 else wanted.little
            text = which.text.say(self.language, points=abs(price))
            said.append(ReasonRead(code=which.code, text=text))
        days = int(ranking.level[at]) * self.found.own_pair_days
        if self.draft and days:
            said.append(ReasonRead(code="opens_later", text=reasons.OPENS_LATER.say(self.language, days=days)))
        return said

    def _block(self, at: int, row: Row, kind: str) -> BlockRead:
        nearly = self.found.nearly
        why, shortfall = Why(int(nearly.why[at])), int(nearly.shortfall[at])
        facts: Row = {"partner": row["title"], "count": 1}
        measure = reasons.MEASURES[why]
        if measure == "quantity":
            facts["quantity"] = str(Decimal(shortfall).scaleb(-self.found.decimals))
        elif measure == "skills":
            facts["skills"] = [skill for bit, skill in enumerate(self.found.skills) if shortfall >> bit & 1]
        elif measure != "none":
            facts[measure] = shortfall
        stored = {"code": reasons.code(why), "shortfall": shortfall, "facts": facts}
        return words.block(stored, kind, row["unit"], self.language)


def _brief(kind: type[Any], row: Row) -> Any:
    return kind(
        id=row["id"],
        title=row["title"],
        window=Window(from_=row["window_from"], to=row["window_to"]),
        open=amount(row["open"], row["unit"]),
    )
