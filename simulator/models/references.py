"""The references that the carrier gives out: a word for what it is, and the row's key."""


def pk_in(reference: str, prefix: str) -> int:
    """The row's key in a reference that we gave out; 0, which no row has, for anything else."""
    number = reference.removeprefix(prefix)
    return int(number) if number != reference and number.isascii() and number.isdigit() else 0
