"""How many numbers there are, kept by the database itself (tally_sql.py): nobody counts millions."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import connection, models

from accounts.models import Membership, Organization, Role
from accounts.scoping import OrgOwned
from pstn.models.locations import Location


class NumberTallyQuerySet(models.QuerySet["NumberTally"]):
    def within(self, membership: Membership) -> Self:
        """The counts of locations that this person may reach."""
        if membership.role != Role.LOCATION_ADMIN:
            return self
        return self.filter(location__administrators__membership=membership)

    def total(self) -> int:
        """How many numbers there are of all that is left. One statement."""
        return int(self.aggregate(n=models.Sum("n"))["n"] or 0)

    def by(self, *dimensions: str) -> dict[Any, int]:
        """How many for each value of a dimension, or each tuple of values of several; none is left out that
        has any. One statement."""
        rows = self.order_by().values_list(*dimensions).annotate(total=models.Sum("n")).filter(total__gt=0)
        if len(dimensions) == 1:
            return {value: total for value, total in rows}
        return {tuple(values): total for *values, total in rows}


class NumberTally(OrgOwned):
    """How many numbers of one location, state, type and assignment. The sum over rows is the truth: on
    PostgreSQL every statement adds rows of its own, so that no two writers wait for each other."""

    org = models.ForeignKey(
        Organization, models.DO_NOTHING, db_constraint=False, related_name="number_tallies"
    )
    location = models.ForeignKey(Location, models.DO_NOTHING, db_constraint=False, related_name="+")
    state = models.CharField(max_length=14)
    kind = models.CharField(max_length=14)
    is_assigned = models.BooleanField()
    waits_for_terms = models.BooleanField()
    n = models.IntegerField()

    unscoped = NumberTallyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["org", "location", "state", "kind", "is_assigned", "waits_for_terms"],
                name="tally_of_org",
            )
        ]

    def __str__(self) -> str:
        return f"{self.n} {self.state} {self.kind}"


class ThousandTally(OrgOwned):
    """How many numbers of an organization lie in a thousand: the number without its last three digits.

    Finding digits inside numbers goes from thousand to thousand instead of from number to number.
    """

    org = models.ForeignKey(
        Organization, models.DO_NOTHING, db_constraint=False, related_name="thousand_tallies"
    )
    thousand = models.CharField(max_length=13)
    n = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["org", "thousand"], name="thousand_of_org")]

    def __str__(self) -> str:
        return f"{self.n} of {self.thousand}"


def compact(orgs: Iterable[int]) -> None:
    """Add up the rows of each of these organizations to one a combination. What is counted stays the same.

    Each organization is one statement, so a reader sees the rows before or after, never between.
    """
    for org in orgs:
        with connection.cursor() as cursor:
            for table, columns in _TABLES.items():
                _compact(cursor, table, columns, org)


def crowded(limit: int = 200) -> list[int]:
    """The organizations that have more than `limit` rows which adding up may make fewer."""
    rows = ThousandTally._base_manager.values("org").annotate(rows=models.Count("pk"))
    slips = NumberTally._base_manager.values("org").annotate(rows=models.Count("pk"))
    found = {row["org"] for row in [*slips.filter(rows__gt=limit), *rows.filter(rows__gt=limit)]}
    return sorted(found)


_TABLES = {
    NumberTally._meta.db_table: "org_id, location_id, state, kind, is_assigned, waits_for_terms",
    ThousandTally._meta.db_table: "org_id, thousand",
}


def _compact(cursor: Any, table: str, columns: str, org: int) -> None:
    if connection.vendor != "postgresql":
        # One row a combination already; only empty ones are left over.
        cursor.execute(f"DELETE FROM {table} WHERE org_id = %s AND n = 0", [org])  # noqa: S608
        return
    cursor.execute(
        f"WITH gone AS (DELETE FROM {table} WHERE org_id = %s RETURNING {columns}, n) "  # noqa: S608
        f"INSERT INTO {table} ({columns}, n) "
        f"SELECT {columns}, sum(n) FROM gone GROUP BY {columns} HAVING sum(n) <> 0",
        [org],
    )
