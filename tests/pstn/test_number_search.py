"""However something is typed, the numbers that are meant are found: by pages, and at once as jobs read it."""

import re
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lib import keyset
from pstn.listing import columns, digit_pages, search
from pstn.listing.filters import NumberFilter
from pstn.models import PhoneNumber
from pstn.models.owners import words_of
from tests.factories import make_location, make_number

WRITINGS = [
    "(408) 555-0142",
    "+1 408 555 0142",
    "408-555-0142",
    "0142",
    "14085550142",
    "4085550142",
    "408555",
    "4242",
]


@pytest.fixture
def location(acme):
    return make_location(acme)


@pytest.fixture
def found(client, vic):
    client.force_login(vic)
    return lambda q: [row["e164"] for row in client.get("/acme/numbers/", {"q": q}).context["page"].rows]


@pytest.mark.parametrize("q", [*WRITINGS, "x4242", "ext. 4242", "perez", "Anita P", "per an", "42", "PÉREZ"])
def test_it_is_found_however_it_is_written(found, acme, location, q):
    owner = acme.owners.create(name="Anita Perez" if q != "PÉREZ" else "Anita Pérez")
    make_number(location, extension="4242", owner=owner, assigned_to=owner.name)
    make_number(location, "+16505559999", assigned_to="Bo Hall")
    assert found(q) == ["+14085550142"]


def test_a_name_without_an_owner_is_found_from_its_beginning(found, location):
    make_number(location, assigned_to="Anita Perez")
    assert found("anita p") == ["+14085550142"]


def test_numbers_of_other_countries_are_found_as_they_are_written_there(found, location):
    make_number(location, "+442079460991")
    for q in ("020 7946 0991", "+44 20 7946 0991", "0044 20 7946 0991", "7946 0991", "(0)20 7946"):
        assert found(q) == ["+442079460991"], q


def test_a_list_of_numbers_is_these_numbers(client, vic, location, found):
    for n in range(4):
        make_number(location, f"+1408555014{n}")
    pasted = "(408) 555-0141, 408.555.0143 +1 408 555 0199"
    assert found(pasted) == ["+14085550141", "+14085550143"]
    assert "Search: 3 numbers" in client.get("/acme/numbers/", {"q": pasted}).content.decode()


@pytest.mark.parametrize("q", ["%", "()", "\x00", "'; drop", "x", "+", "٤٢", "9" * 5000, "a" * 5000, "𝟒𝟎𝟖"])
def test_odd_text_is_only_text(client, vic, location, q):
    make_number(location)
    client.force_login(vic)
    assert client.get("/acme/numbers/", {"q": q}).status_code == 200


DIGITS = st.text("0124", min_size=1, max_size=9)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    numbers=st.sets(st.from_regex(r"\+1[24][012]{8}|\+44[012]{6,9}", fullmatch=True), max_size=70),
    extensions=st.lists(st.sampled_from(["", "12", "0012", "20121"]), min_size=70, max_size=70),
    typed=DIGITS | DIGITS.map("+{}".format),
    sort=st.sampled_from(["number", "-number"]),
    size=st.integers(1, 20),
    at_first=st.sampled_from([1, 2, 5, 64]),
    many=st.sampled_from([0, 2]),
)
@example(  # a number that comes before another one, although its thousand comes after the other's
    numbers={"+44110222", "+4411010222"},
    extensions=["", ""],
    typed="10222",
    sort="number",
    size=1,
    at_first=1,
    many=2,
)
def test_pages_find_what_a_look_at_every_number_finds(
    acme, location, numbers, extensions, typed, sort, size, at_first, many
):
    acme.phone_numbers.all().delete()
    rows = dict(zip(sorted(numbers), extensions, strict=False))
    PhoneNumber.unscoped.bulk_create(
        PhoneNumber(
            org=acme, location=location, e164=e164, tail=e164[:0:-1], state="active", extension=extension
        )
        for e164, extension in rows.items()
    )
    wanted = sorted(e164 for e164 in rows if is_meant(typed, e164, rows[e164]))
    if sort == "-number":
        wanted.reverse()
    asked = NumberFilter(q=typed, sort=sort)
    assert sorted(asked.apply(acme.phone_numbers.all()).values_list("e164", flat=True)) == sorted(wanted)
    with patch.multiple(digit_pages, AT_FIRST=at_first, MANY=many):
        assert walked(acme, asked, size) == wanted
        assert walked(acme, asked, size, back=True) == wanted


def is_meant(typed, e164, extension):
    """The rule of pstn/listing/search.py once more, number by number."""
    digits, plain = re.sub(r"\D", "", typed), e164[1:]
    if typed.startswith("+"):
        return plain.startswith(digits)
    if len(digits) <= 4:
        return plain.startswith((digits, f"1{digits}")) or plain.endswith(digits) or extension == digits
    inside = digits.removeprefix("0") if len(digits) >= 7 else digits
    return inside in plain or extension == inside


def walked(org, asked, size, back=False):
    """Every page from the first to the last, or from the last to the first."""
    seen, cursor, first = [], None, True
    while first or cursor:
        page = keyset.page(
            org.phone_numbers.all(),
            asked.by,
            None if back else cursor,
            cursor if back else None,
            size,
            last=back and first,
            read=lambda stretch: digit_pages.page_of(
                asked.search, org, stretch, lambda numbers: columns.rows(numbers, columns.DEFAULT, asked.by)
            ),
        )
        found = [row["e164"] for row in page.rows]
        seen = found + seen if back else seen + found
        cursor, first = page.previous if back else page.next, False
    return seen


@pytest.mark.parametrize("sort", ["number", "-number"])
@pytest.mark.parametrize("back", [False, True])
def test_digits_in_many_thousands_are_found_in_either_order(acme, location, sort, back):
    for area in range(201, 231):
        for n in range(2):
            make_number(location, f"+1{area}55512{n}4")
    found = walked(acme, NumberFilter(q="55512", sort=sort), 3, back=back)
    numbers = acme.phone_numbers.order_by("e164" if sort == "number" else "-e164")
    assert found == list(numbers.values_list("e164", flat=True))


NAMES = st.lists(st.sampled_from(["ann", "anna", "Bo", "bob", "Lee"]), min_size=1, max_size=3).map(" ".join)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(NAMES, max_size=8, unique=True), typed=NAMES)
def test_people_are_found_by_the_beginnings_of_their_names(acme, location, names, typed):
    acme.phone_numbers.all().delete()
    acme.owners.all().delete()
    for n, name in enumerate(names):
        owner = acme.owners.create(name=name)
        make_number(location, f"+1408555{n:04}", owner=owner, assigned_to=name)
    wanted = [
        name
        for name in names
        if all(any(mine.startswith(word) for mine in words_of(name)) for word in words_of(typed))
    ]
    asked = NumberFilter(q=typed)
    assert search.read(typed).way == "person"
    found = asked.apply(acme.phone_numbers.all()).order_by("e164").values_list("assigned_to", flat=True)
    assert list(found) == wanted
    assert len(walked(acme, asked, 3)) == len(wanted)
