"""How a number stands in an address: its digits, with or without the plus sign; or an extension's key."""


class E164Converter:
    """+14085550142, 14085550142; x12-4001 is extension 4001 of location 12 (pstn/models/numbers.py)."""

    regex = r"\+?[1-9][0-9]{6,14}|x[0-9]{1,12}-[0-9]{2,10}"

    def to_python(self, value: str) -> str:
        return value if value.startswith("x") else f"+{value.lstrip('+')}"

    def to_url(self, value: str) -> str:
        return value.lstrip("+")
