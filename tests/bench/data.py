"""Fifty organizations that share so many numbers, the same ones every time, made by the database itself."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

import phonenumbers
from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

from accounts.models import Membership, Organization, Role, User
from pstn import tally_sql
from pstn.models import Owner, OwnerWord, PhoneNumber
from tests.factories import make_connected_location

ORGS, PLACES, CODES, BLOCK = 50, 8, 300, 1_000
SHARE = 10  # one owner for so many numbers of an organization
PEER = "peer@example.org"  # whom only Django's own admin knows
CITIES = ("San Jose", "Austin", "Denver", "Boston", "Chicago", "Miami", "Seattle", "Reno")
# Two halves make a name: 100 first names and 400 last names, so 40,000 people in an organization at most.
PEOPLE = 40_000
FIRST = (
    ["An", "Be", "Ca", "Da", "El", "Fi", "Jo", "Ma", "Ro", "So"],
    ["na", "la", "rin", "vid", "sa", "ton", "mi", "rek", "bel", "nu"],
)
LAST = (
    [
        "Al",
        "Bar",
        "Cor",
        "Del",
        "Es",
        "Far",
        "Gor",
        "Hal",
        "Il",
        "Jan",
        "Kel",
        "Lor",
        "Mar",
        "Nor",
        "Or",
        "Pel",
        "Quin",
        "Ros",
        "Sol",
        "Tor",
    ],
    [
        "berg",
        "cott",
        "dale",
        "field",
        "gate",
        "house",
        "kin",
        "land",
        "man",
        "ner",
        "ova",
        "pool",
        "ridge",
        "sen",
        "ton",
        "vale",
        "well",
        "worth",
        "yard",
        "zola",
    ],
)


def area_codes() -> list[str]:
    """The first 300 area codes in use, 201 first."""
    every = (f"{code}" for code in range(201, 990))
    return list(islice((code for code in every if _is_used(code)), CODES))


def e164_of(n: int, codes: list[str]) -> str:
    """The n-th number: a thousand after the other, each in the next area code; so each prefix of area code and
    exchange has exactly one thousand."""
    block, line = divmod(n, BLOCK)
    return f"+1{codes[block % CODES]}{200 + block // CODES}{block * 7 % 10}{line:03}"


def make_people(count: int = ORGS) -> list[Organization]:
    """The organizations with their connected locations, each with an administrator of its own."""
    User.objects.create_superuser(PEER, name="Peer")
    orgs = []
    for n in range(count):
        org = Organization.objects.create(name=f"Tenant {n + 1:02}", slug=f"tenant-{n + 1:02}")
        person = User.objects.create_user(f"admin@{org.slug}.example", "Ada Park")
        Membership.objects.create(org=org, user=person, role=Role.FULL_ADMIN)
        for place in range(PLACES):
            kind = "calling_plan" if place else "premises"
            make_connected_location(org, kind=kind, name=f"{CITIES[place]} {n + 1}", city=CITIES[place])
        orgs.append(org)
    return orgs


def make_numbers(orgs: list[Organization], count: int) -> None:
    """So many numbers with their owners, states and types mixed; counted once at the end."""
    owners = min(max(10, count // len(orgs) // SHARE), PEOPLE)
    places = [list(org.locations.order_by("pk").values_list("pk", flat=True)) for org in orgs]
    with connection.cursor() as cursor:
        # No triggers and no look at foreign keys meanwhile: the rows are right by their making.
        cursor.execute("SET session_replication_role = replica")
        _insert(cursor, Owner, _owners(orgs, owners))
        _insert(cursor, OwnerWord, _words())
        _insert(cursor, PhoneNumber, _numbers(orgs, places, owners, count))
        cursor.execute("SET session_replication_role = DEFAULT")
    with connection.schema_editor() as schema:
        tally_sql.recount(schema)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _is_used(code: str) -> bool:
    if code[1:] == "11":
        return False
    return bool(phonenumbers.is_valid_number(phonenumbers.parse(f"+1{code}2002345")))


def _literal(words: Iterable[object]) -> str:
    return "ARRAY[" + ", ".join(f"'{word}'" if isinstance(word, str) else str(word) for word in words) + "]"


def _owners(orgs: list[Organization], each: int) -> tuple[dict[str, str], str]:
    keys = _literal(org.pk for org in orgs)
    first = f"({_literal(FIRST[0])})[i % 10 + 1] || ({_literal(FIRST[1])})[i / 10 % 10 + 1]"
    last = f"({_literal(LAST[0])})[i / 100 % 20 + 1] || ({_literal(LAST[1])})[i / 2000 % 20 + 1]"
    columns = {
        "id": f"o::bigint * {each} + i + 1",
        "org_id": f"({keys})[o + 1]",
        "kind": "'user'",
        "name": f"{first} || ' ' || {last}",
        "created_at": "now()",
        "updated_at": "now()",
    }
    return columns, f"FROM generate_series(0, {len(orgs) - 1}) AS o, generate_series(0, {each - 1}) AS i"


def _words() -> tuple[dict[str, str], str]:
    owner, word = Owner._meta.db_table, "regexp_split_to_table(lower(name), ' ')"
    return {"org_id": "org_id", "owner_id": "id", "word": word}, f"FROM {owner}"


def _numbers(
    orgs: list[Organization], places: list[list[int]], owners: int, count: int
) -> tuple[dict[str, str], str]:
    keys, all_places = _literal(org.pk for org in orgs), _literal(pk for few in places for pk in few)
    rows = (
        f"SELECT n, n / {BLOCK} % {len(orgs)} AS o, n * 7919 % 100 AS dice, n * 104729 % 97 AS other, "
        f"'1' || ({_literal(area_codes())})[n / {BLOCK} % {CODES} + 1] || (200 + n / {BLOCK} / {CODES}) "
        f"|| (n / {BLOCK} * 7 % 10) || lpad((n % {BLOCK})::text, 3, '0') AS digits, "
        # A walk through the owners of the organization that meets all of them.
        f"(n / {BLOCK} / {len(orgs)} * {BLOCK} + n % {BLOCK}) * 7 % {owners} AS i "
        f"FROM generate_series(0::bigint, {count - 1}) AS n"
    )
    has_owner = "dice BETWEEN 1 AND 45"
    state = (
        "CASE WHEN dice < 80 THEN 'active' WHEN dice < 92 THEN 'inactive' WHEN dice < 97 THEN 'porting' "
        "ELSE 'pending' END"
    )
    kind = (
        "CASE WHEN other < 82 THEN 'standard' WHEN other < 86 THEN 'mobile' WHEN other < 90 THEN 'toll_free' "
        "WHEN other < 93 THEN 'service' WHEN other < 95 THEN 'contact_center' ELSE 'non_geographic' END"
    )
    columns = {
        "org_id": f"({keys})[o + 1]",
        "e164": "'+' || digits",
        "tail": "reverse(digits)",
        "location_id": f"({all_places})[o * {PLACES} + other % {PLACES} + 1]",
        "state": state,
        "kind": kind,
        "extension": f"CASE WHEN {has_owner} THEN right(digits, 5) ELSE '' END",
        "owner_id": f"CASE WHEN {has_owner} THEN owner.id END",
        "assigned_to": f"CASE WHEN {has_owner} THEN owner.name ELSE '' END",
        "created_at": "timestamptz '2026-01-01 00:00Z' + n * interval '1 second'",
        "updated_at": "timestamptz '2026-06-01 00:00Z' + (n * 31 % 1000003) * interval '1 second'",
    }
    owner = f"LEFT JOIN {Owner._meta.db_table} AS owner ON owner.id = o * {owners} + i + 1"
    return columns, f"FROM ({rows}) AS made {owner}"


def _insert(cursor: Any, model: type[models.Model], made: tuple[dict[str, str], str]) -> None:
    """Fill a table whose indexes are made after its rows. Columns not spoken of get their defaults."""
    columns, source = made
    columns, defaults = filled(model, columns)
    table = model._meta.db_table
    again = _without_indexes(cursor, table)
    cursor.execute(
        f"INSERT INTO {table} ({named(columns)}) "
        f"SELECT {', '.join(_escaped(value) for value in columns.values())} {_escaped(source)}",
        defaults,
    )
    for statement in again:
        cursor.execute(statement)
    if "id" in columns:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )


def filled(model: type[models.Model], columns: dict[str, str]) -> tuple[dict[str, str], list[object]]:
    """The expressions of a whole row: those given, and `%s` with its value for each column that has a default."""
    whole, defaults = dict(columns), []
    for one in model._meta.concrete_fields:
        if one.column in whole or one.primary_key:
            continue
        has_value = one.default is not NOT_PROVIDED or not one.null
        whole[one.column] = "%s" if has_value else "NULL"
        if has_value:
            defaults.append(one.get_db_prep_save(one.get_default(), connection))
    return whole, defaults


def named(columns: Iterable[str]) -> str:
    """A list of columns as SQL has it: some are called like its own words."""
    return ", ".join(connection.ops.quote_name(column) for column in columns)


def _escaped(sql: str) -> str:
    return sql if sql == "%s" else sql.replace("%", "%%")


def _without_indexes(cursor: Any, table: str) -> list[str]:
    """Drop the indexes of a table but for its key; the statements that make them again."""
    cursor.execute(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid), k.conname, pg_get_constraintdef(k.oid) "
        "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype = 'u' "
        "WHERE i.indrelid = %s::regclass AND NOT i.indisprimary",
        [table],
    )
    again = []
    for index, definition, constraint, rule in cursor.fetchall():
        if constraint:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
            again.append(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {rule}")
        else:
            cursor.execute(f"DROP INDEX {index}")
            again.append(definition)
    return again
