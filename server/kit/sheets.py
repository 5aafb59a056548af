"""What every workbook that leaves the platform keeps to."""

DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠")


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula, also after it was saved as CSV (decision 21 of docs/reliability.md)."""
    return f"'{text}" if text[:1] in DANGEROUS else text


def unguarded(text: str) -> str:
    """The text that `safe` made safe: what went out comes back as it was."""
    return text[1:] if text[:1] == "'" and text[1:2] in DANGEROUS else text
