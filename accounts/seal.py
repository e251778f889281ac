"""The triggers by which the database itself keeps a table append-only, for SQLite and PostgreSQL."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SEALED = ("accounts_auditentry",)


def seal(schema: BaseDatabaseSchemaEditor, table: str) -> None:
    """Refuse UPDATE and DELETE on a table from now on (also to the admin, the shell and raw SQL)."""
    for statement in _sealing(schema.connection.vendor, table):
        schema.execute(statement, params=None)


def unseal(schema: BaseDatabaseSchemaEditor, table: str) -> None:
    """Take the refusal away; a migration's way back, and what a test database needs before it is emptied."""
    for action in ("update", "delete"):
        name = f"{table}_no_{action}"
        on = f" ON {table}" if schema.connection.vendor == "postgresql" else ""
        schema.execute(f"DROP TRIGGER IF EXISTS {name}{on}", params=None)


def seal_all(apps: Any, schema: BaseDatabaseSchemaEditor) -> None:
    for table in SEALED:
        seal(schema, table)


def unseal_all(apps: Any, schema: BaseDatabaseSchemaEditor) -> None:
    for table in SEALED:
        unseal(schema, table)


def _sealing(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        function = (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END$$"
        )
        return [function] + [
            f"CREATE TRIGGER {table}_no_{action} BEFORE {action.upper()} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            for action in ("update", "delete")
        ]
    return [
        f"CREATE TRIGGER {table}_no_{action} BEFORE {action.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for action in ("update", "delete")
    ]
