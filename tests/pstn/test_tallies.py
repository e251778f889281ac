"""The counts that the database keeps: equal to a recount, whoever changes rows and how."""

import random

import pytest
from django.db.models import Count

from pstn.models import NumberTally, PhoneNumber, ThousandTally
from pstn.models.tallies import compact, crowded
from tests.factories import make_location, make_number

pytestmark = pytest.mark.django_db
DIMENSIONS = ("location", "state", "kind", "waits_for_terms")


def recounted(org):
    rows = PhoneNumber.unscoped.filter(org=org).order_by().values_list(*DIMENSIONS).annotate(n=Count("pk"))
    return {tuple(values): n for *values, n in rows}


def agree(org):
    assert org.number_tallies.by(*DIMENSIONS) == recounted(org)
    assert org.number_tallies.total() == org.phone_numbers.count()
    assert (
        org.number_tallies.filter(is_assigned=True).total()
        == org.phone_numbers.exclude(assigned_to="").count()
    )
    found = {}
    for e164 in org.phone_numbers.values_list("e164", flat=True):
        found[e164[:-3]] = found.get(e164[:-3], 0) + 1
    kept = {}
    for tally in ThousandTally._base_manager.filter(org=org):
        kept[tally.thousand] = kept.get(tally.thousand, 0) + tally.n
    assert {thousand: n for thousand, n in kept.items() if n} == found


def test_random_changes_are_counted(acme, globex):
    dice = random.Random(4)
    places = [make_location(org, name=name) for org in (acme, globex) for name in ("East", "West")]
    for turn in range(120):
        numbers = PhoneNumber.unscoped.order_by("?")
        match dice.randrange(6):
            case 0 | 1:
                make_number(dice.choice(places), e164=f"+1408{dice.randrange(200, 204)}{turn:04}")
            case 2:
                PhoneNumber.unscoped.bulk_create(
                    PhoneNumber(
                        org=place.org, location=place, e164=f"+4420{turn:04}{n:03}", tail="", state="inactive"
                    )
                    for place in [dice.choice(places)]
                    for n in range(dice.randrange(1, 9))
                )
            case 3:
                some = list(numbers.values_list("pk", flat=True)[:7])
                PhoneNumber.unscoped.filter(pk__in=some).update(state=dice.choice(["active", "inactive"]))
            case 4:
                number = numbers.first()
                if number:
                    number.assigned_to = dice.choice(["", "Ada Park"])
                    number.location = dice.choice(
                        [place for place in places if place.org_id == number.org_id]
                    )
                    number.save()
            case 5:
                numbers.filter(
                    pk__in=list(numbers.values_list("pk", flat=True)[: dice.randrange(4)])
                ).delete()
        if turn % 30 == 0:
            compact([acme.pk])
    agree(acme)
    agree(globex)
    compact([acme.pk, globex.pk])
    agree(acme)
    agree(globex)


def test_adding_up_leaves_one_row_a_combination(acme, location):
    for last in range(30):
        make_number(location, e164=f"+14085550{last:03}")
    PhoneNumber.unscoped.filter(org=acme).update(state="inactive")
    assert crowded(limit=1000) == []
    compact([acme.pk])
    assert NumberTally.unscoped.filter(org=acme).count() == 1
    assert acme.number_tallies.get().n == 30


def test_an_extension_is_counted_and_is_in_no_thousand(acme, location):
    make_number(location, e164=f"x{location.pk}-4001", kind="extension", state="na", extension="4001")
    assert acme.number_tallies.filter(kind="extension").total() == 1
    assert not ThousandTally._base_manager.filter(org=acme).exists()


def test_counts_are_of_the_locations_within_reach(acme, location, lou):
    make_number(location)
    mine = make_location(acme, name="Lou's")
    mine.administrators.create(membership=lou.memberships.get())
    make_number(mine, e164="+14085550199")
    assert acme.number_tallies.within(lou.memberships.get()).total() == 1
    assert acme.number_tallies.total() == 2
