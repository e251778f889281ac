"""What the database itself keeps of the inventory: triggers that count numbers, and the order of digits.

PostgreSQL appends one row a combination and statement (transition tables), so writers never wait for each
other; `pstn.models.tallies.compact` adds them up. SQLite, which has one writer at a time, changes the row in
place. A migration that changes the table of numbers on SQLite makes a new table and loses its triggers: it
must end with `install`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NUMBERS = "pstn_phonenumber"


@dataclass(frozen=True)
class Tally:
    """A table of counts: its columns, each with how it is read from a number's row, and which rows count."""

    table: str
    columns: dict[str, str]
    where: str = "1 = 1"

    @property
    def names(self) -> str:
        return ", ".join(self.columns)

    def read(self, row: str) -> str:
        return ", ".join(column.format(row=row) for column in self.columns.values())

    def counts(self, row: str) -> str:
        return self.where.format(row=row)

    def matches(self, row: str) -> str:
        return " AND ".join(f"{name} = {column.format(row=row)}" for name, column in self.columns.items())


TALLIES = (
    Tally(
        "pstn_numbertally",
        {
            "org_id": "{row}.org_id",
            "location_id": "{row}.location_id",
            "state": "{row}.state",
            "kind": "{row}.kind",
            "is_assigned": "({row}.assigned_to <> '')",
            "waits_for_terms": "{row}.waits_for_terms",
        },
    ),
    Tally(
        "pstn_thousandtally",
        {"org_id": "{row}.org_id", "thousand": "substr({row}.e164, 1, length({row}.e164) - 3)"},
        where="substr({row}.e164, 1, 1) = '+'",  # not the key of something that has only an extension
    ),
)


def install(schema: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers (again, if they are there) and set the byte order. Counts nothing: see `recount`."""
    remove(schema)
    make = _postgresql() if schema.connection.vendor == "postgresql" else _sqlite()
    for statement in make:
        schema.execute(statement, params=None)


def remove(schema: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away; order and statistics may stay."""
    on = f" ON {NUMBERS}" if schema.connection.vendor == "postgresql" else ""
    for event in ("insert", "update", "delete"):
        schema.execute(f"DROP TRIGGER IF EXISTS pstn_tally_{event}{on}", params=None)


def recount(schema: BaseDatabaseSchemaEditor) -> None:
    """Throw all counts away and count the numbers once."""
    for tally in TALLIES:
        schema.execute(f"DELETE FROM {tally.table}", params=None)
        places = ", ".join(str(n + 1) for n in range(len(tally.columns)))
        schema.execute(
            f"INSERT INTO {tally.table} ({tally.names}, n) SELECT {tally.read('r')}, count(*) "
            f"FROM {NUMBERS} AS r WHERE {tally.counts('r')} GROUP BY {places}",
            params=None,
        )


def install_and_recount(apps: Any, schema: BaseDatabaseSchemaEditor) -> None:
    """For a migration."""
    install(schema)
    recount(schema)


def remove_for(apps: Any, schema: BaseDatabaseSchemaEditor) -> None:
    """A migration's way back."""
    remove(schema)


def _postgresql() -> Iterator[str]:
    yield (
        f'ALTER TABLE {NUMBERS} ALTER COLUMN e164 TYPE varchar(24) COLLATE "C", '
        f'ALTER COLUMN tail TYPE varchar(24) COLLATE "C"'
    )
    # A location is of one organization: without knowing it the planner expects far too few rows of both.
    yield (
        "CREATE STATISTICS IF NOT EXISTS pstn_number_places (dependencies) "
        f"ON org_id, location_id FROM {NUMBERS}"
    )
    # In byte order the plain index answers prefixes too; Django's second one for LIKE only costs.
    yield (
        "DO $$DECLARE spare text; BEGIN FOR spare IN SELECT indexname FROM pg_indexes "
        f"WHERE schemaname = current_schema() AND tablename = '{NUMBERS}' "
        "AND indexdef LIKE '%(e164 varchar_pattern_ops)' "
        "LOOP EXECUTE format('DROP INDEX %I', spare); END LOOP; END$$"
    )
    for event, sources in {
        "insert": {"fresh": 1},
        "delete": {"stale": -1},
        "update": {"fresh": 1, "stale": -1},
    }.items():
        body = ""
        for tally in TALLIES:
            slips = " UNION ALL ".join(
                f"SELECT {tally.read(source)}, {sign} FROM {source} WHERE {tally.counts(source)}"
                for source, sign in sources.items()
            )
            body += (
                f"INSERT INTO {tally.table} ({tally.names}, n) SELECT {tally.names}, sum(n) "
                f"FROM ({slips}) AS slips ({tally.names}, n) GROUP BY {tally.names} HAVING sum(n) <> 0; "
            )
        yield (
            f"CREATE OR REPLACE FUNCTION pstn_tally_{event}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN {body}RETURN NULL; END$$"
        )
        tables = {"fresh": "NEW TABLE AS fresh", "stale": "OLD TABLE AS stale"}
        yield (
            f"CREATE TRIGGER pstn_tally_{event} AFTER {event.upper()} ON {NUMBERS} "
            f"REFERENCING {' '.join(tables[source] for source in sources)} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION pstn_tally_{event}()"
        )


def _sqlite() -> Iterator[str]:
    more, less = "".join(map(_one_more, TALLIES)), "".join(map(_one_less, TALLIES))
    counted = ("org_id", "location_id", "state", "kind", "assigned_to", "waits_for_terms", "e164")
    same = " AND ".join(f"OLD.{name} IS NEW.{name}" for name in counted)
    yield f"CREATE TRIGGER pstn_tally_insert AFTER INSERT ON {NUMBERS} BEGIN {more}END"
    yield f"CREATE TRIGGER pstn_tally_delete AFTER DELETE ON {NUMBERS} BEGIN {less}END"
    changed = f"AFTER UPDATE ON {NUMBERS} WHEN NOT ({same})"
    yield f"CREATE TRIGGER pstn_tally_update {changed} BEGIN {less}{more}END"


def _one_more(tally: Tally) -> str:
    matches, counts = tally.matches("NEW"), tally.counts("NEW")
    return (
        f"INSERT INTO {tally.table} ({tally.names}, n) SELECT {tally.read('NEW')}, 0 WHERE {counts} "
        f"AND NOT EXISTS (SELECT 1 FROM {tally.table} WHERE {matches}); "
        f"UPDATE {tally.table} SET n = n + 1 WHERE {matches} AND {counts}; "
    )


def _one_less(tally: Tally) -> str:
    """Where there is nothing to take from, because the tables are being emptied, nothing is counted."""
    return f"UPDATE {tally.table} SET n = n - 1 WHERE {tally.matches('OLD')} AND {tally.counts('OLD')}; "
