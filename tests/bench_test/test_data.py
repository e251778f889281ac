"""The data of the bench, at some numbers, and the counters' recount. On PostgreSQL, which makes it."""

import pytest
from django.db import connection

from pstn.models import Owner, OwnerWord, PhoneNumber
from pstn.models.tallies import NumberTally
from tests.bench import counters, data

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def test_the_same_numbers_every_time_and_every_one_counted():
    orgs = data.make_people(2)
    codes = data.area_codes()
    data.make_numbers(orgs, 1_200)
    made = list(PhoneNumber.unscoped.order_by("pk").values_list("e164", "tail", "org"))
    assert [e164 for e164, _tail, _org in made] == [data.e164_of(n, codes) for n in range(1_200)]
    assert all(e164[:0:-1] == tail for e164, tail, _org in made)
    assert [org for _e164, _tail, org in made] == [orgs[0].pk] * 1_000 + [orgs[1].pk] * 200
    assert PhoneNumber.unscoped.filter(e164__startswith="+1201200").count() == 1_000
    # Its rows fit together.
    owned = PhoneNumber.unscoped.exclude(owner=None).select_related("owner")
    assert owned.count() == 540
    assert all(number.assigned_to == number.owner.name for number in owned)
    assert all(number.org_id == number.owner.org_id for number in owned)
    assert OwnerWord.unscoped.count() == 2 * Owner.unscoped.count()
    numbers = PhoneNumber.unscoped.select_related("location")
    assert all(number.location.org_id == number.org_id for number in numbers)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE tablename = %s", [PhoneNumber._meta.db_table])
        assert cursor.fetchone()[0] > 10
    # And the recount finds a counter that is wrong.
    assert NumberTally.unscoped.total() == 1_200
    assert counters.is_exact()
    NumberTally.unscoped.filter(pk=NumberTally.unscoped.first().pk).update(n=10_000)
    assert not counters.is_exact()
