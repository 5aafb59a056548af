"""Year-end material (年度总结): one side's account of a pairing's year, from the books; the other side is consulted on it."""
