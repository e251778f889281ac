"""How a telephone number stands in an address: its E.164 digits, with or without the plus sign."""


class E164Converter:
    regex = r"\+?[1-9][0-9]{6,14}"

    def to_python(self, value: str) -> str:
        return f"+{value.lstrip('+')}"

    def to_url(self, value: str) -> str:
        return value.lstrip("+")
