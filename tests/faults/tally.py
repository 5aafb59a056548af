"""What went wrong, counted: the last line of `make faults`."""

from dataclasses import asdict, dataclass


@dataclass
class Tally:
    """Acknowledged writes that are gone, writes or promises that are there twice, and sums that do not agree."""

    lost: int = 0
    doubled: int = 0
    mis_summed: int = 0
    acknowledged: int = 0

    def add(self, other: "Tally") -> None:
        """Count what another counted."""
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)

    @property
    def clean(self) -> bool:
        """Whether nothing went wrong."""
        return not (self.lost or self.doubled or self.mis_summed)

    def __str__(self) -> str:
        return (
            f"lost {self.lost}, doubled {self.doubled}, mis-summed {self.mis_summed}"
            f" of {self.acknowledged} acknowledged writes"
        )


TOTAL = Tally()
"""Of all tests in this process; controls do not count, theirs is to go wrong."""
