"""P1: what somebody pastes, read and judged, against the phone library parsing the same numbers."""

from collections.abc import Iterator

import phonenumbers

from lib import phone
from tests.bench import inside
from tests.bench.stage import Stage
from tests.bench.table import Row


def measure(stage: Stage) -> Iterator[Row]:
    numbers = [f"(415) 555-{n:04}" for n in range(750)]
    text = "\n".join(numbers)[:12_000]

    def bare() -> None:
        for number in numbers:
            parsed = phonenumbers.parse(number, "US")
            phonenumbers.is_possible_number(parsed)
            phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)

    yield Row(
        "P1",
        "12,000 pasted characters, each line judged",
        against="the phone library on the same numbers",
        ratio=inside.compare(stage, lambda: phone.read_paste(text, "US"), bare),
    )
