"""B4: the totals that the page shows, against counting; and whether they are right after ten thousand changes."""

import random
from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import Model
from django.test import Client

from pstn.models import PhoneNumber
from pstn.models.tallies import NumberTally, ThousandTally, compact, crowded
from tests.bench import data, sql
from tests.bench.ratios import Spread
from tests.bench.run import said
from tests.bench.stage import Stage, name_of, tenant
from tests.bench.table import Row

CHANGES, AT_ONCE = 10_000, 100


def measure(stage: Stage) -> Iterator[Row]:
    database = name_of(stage.largest)
    goal = 0.02 if stage.largest >= 10_000_000 else None
    with stage.on(database):
        org = tenant()
        client, path = sql.visitor(), f"/{org.slug}/numbers/"
        change(random.Random(4), CHANGES)
        for when in ("before they are added up", "added up"):
            exact = {"equal to a recount": is_exact(), "the page says so": shows_total(client, path, org.pk)}
            reads = [one for one in sql.page(client, path) if NumberTally._meta.db_table in str(one)]
            count = [f"SELECT count(*) FROM pstn_phonenumber WHERE org_id = {org.pk}"]
            found = sql.compare(stage, database, {"ours": (reads, 100), "count": (count, 5)})
            yield Row(
                "B4",
                f"counters of the page at {said(stage.largest)} after {CHANGES:,} random changes, {when}",
                sql.shown(found["ours"]),
                f"count(*) of the organization: {sql.shown(found['count'])}",
                Spread.between(found["ours"], found["count"]),
                most=goal,
                holds={**exact, "the page reads them": bool(reads)},
                notes=() if goal else ("its goal, ≤ 0.02, is for ten million",),
            )
            compact(crowded(limit=0))


def change(dice: random.Random, times: int) -> None:
    """Changes of every kind by plain statements: nobody has to think of the counters."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM pstn_phonenumber")
        low, high = cursor.fetchone()
        cursor.execute("SELECT id, org_id FROM pstn_location ORDER BY id")
        places = cursor.fetchall()
        for start in range(0, times, AT_ONCE):
            with transaction.atomic():
                for n in range(start, start + AT_ONCE):
                    pk, (place, org) = dice.randint(low, high), dice.choice(places)
                    statement, values = dice.choice(CHOICES)(pk, place, org, n)
                    cursor.execute(statement, values)


CHOICES = (
    lambda pk, place, org, n: (
        "UPDATE pstn_phonenumber SET state = CASE state WHEN 'active' THEN 'inactive' ELSE 'active' END WHERE id = %s",
        [pk],
    ),
    lambda pk, place, org, n: ("UPDATE pstn_phonenumber SET kind = 'service' WHERE id = %s", [pk]),
    lambda pk, place, org, n: (
        "UPDATE pstn_phonenumber SET location_id = %s WHERE id = %s AND org_id = %s",
        [place, pk, org],
    ),
    lambda pk, place, org, n: (
        "UPDATE pstn_phonenumber SET assigned_to = CASE assigned_to WHEN '' THEN 'Ana Alberg' ELSE '' END "
        "WHERE id BETWEEN %s AND %s",
        [pk, pk + n % 5],
    ),
    lambda pk, place, org, n: ("DELETE FROM pstn_phonenumber WHERE id = %s", [pk]),
    lambda pk, place, org, n: (
        # A fresh number after the pattern of another: the columns that nobody mentions here stay as they are.
        "INSERT INTO pstn_phonenumber ({names}) SELECT {values} FROM pstn_phonenumber ORDER BY id LIMIT 1".format(
            names=data.named(COLUMNS),
            values=", ".join(FRESH.get(name, data.named([name])) for name in COLUMNS),
        ),
        {"org": org, "place": place, "e164": f"+1989{n:07}", "tail": f"{n:07}"[::-1] + "9891"},
    ),
)
FRESH = {
    "org_id": "%(org)s",
    "location_id": "%(place)s",
    "e164": "%(e164)s",
    "tail": "%(tail)s",
    "owner_id": "NULL",
}
COLUMNS = [one.column for one in PhoneNumber._meta.concrete_fields if not one.primary_key]


def is_exact() -> bool:
    """Every combination of every organization, and every thousand, as a recount has it."""
    return not any(_differences(*pair) for pair in PAIRS)


# A table of counters with its columns, and what they are in a row of the numbers.
PAIRS = (
    (
        NumberTally,
        ("org_id", "location_id", "state", "kind", "is_assigned", "waits_for_terms"),
        ("org_id", "location_id", "state", "kind", "assigned_to <> ''", "waits_for_terms"),
    ),
    (ThousandTally, ("org_id", "thousand"), ("org_id", "left(e164, -3)")),
)


def _differences(model: type[Model], counted: tuple[str, ...], truth: tuple[str, ...]) -> int:
    ours, theirs = ", ".join(counted), ", ".join(truth)
    where = "true" if model is NumberTally else "e164 LIKE '+%'"
    groups = ", ".join(str(place + 1) for place in range(len(truth)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH a AS (SELECT {ours}, sum(n) FROM {model._meta.db_table} GROUP BY {ours} HAVING sum(n) <> 0), "
            f"b AS (SELECT {theirs}, count(*) FROM pstn_phonenumber WHERE {where} GROUP BY {groups}) "
            "SELECT count(*) FROM ((SELECT * FROM a EXCEPT SELECT * FROM b) UNION ALL "
            "(SELECT * FROM b EXCEPT SELECT * FROM a)) AS different"
        )
        return int(cursor.fetchone()[0])


def shows_total(client: Client, path: str, org: int) -> bool:
    """Whether the page itself has the number that counting gives."""
    total = PhoneNumber.unscoped.filter(org=org).count()
    return f"{total:,}" in client.get(path).content.decode()
