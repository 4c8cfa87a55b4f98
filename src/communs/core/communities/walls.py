"""The second wall: the database itself refuses what belongs to another community.

PostgreSQL: row-level security, forced on the owner too, and keys that cannot point into
another community. SQLite: triggers. Both are made from the models, after migrations. Tables of
history (`History`) are only added to: the database refuses to rewrite or shorten them. What a row
may not say because of other rows (`Guard`) is refused too.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from communs.core.communities.owned import History, Owned, owned_models
from communs.core.communities.scope import as_owner

PREFIX = "wall_"


def build(connection: BaseDatabaseWrapper) -> None:
    """Put up every wall, taking down old ones first."""
    with as_owner():
        take_down(connection)
        statements = _postgresql if connection.vendor == "postgresql" else _sqlite
        with connection.cursor() as cursor:
            existing = set(connection.introspection.table_names(cursor))
            for statement in statements(existing):
                cursor.execute(statement)


def take_down(connection: BaseDatabaseWrapper) -> None:
    """Remove the walls that would stand in the way of a migration."""
    with as_owner(), connection.cursor() as cursor:
        lister = _STANDING_POSTGRESQL if connection.vendor == "postgresql" else _STANDING_SQLITE
        cursor.execute(lister)
        for (removal,) in cursor.fetchall():
            cursor.execute(removal)


def parents(model: type[Owned]) -> Iterator[models.ForeignKey]:
    """Give the fields by which a row points at another row of its community."""
    for field in model._meta.concrete_fields:
        related = field.related_model
        owned = isinstance(related, type) and issubclass(related, Owned)
        if owned and isinstance(field, models.ForeignKey):
            yield field


_STANDING_SQLITE = (
    "SELECT 'DROP TRIGGER \"' || name || '\"' FROM sqlite_master"
    f" WHERE type = 'trigger' AND name LIKE '{PREFIX}%'"
)

# While tables change, only the owner is let through: the application stays behind its policies.
_STANDING_POSTGRESQL = f"""
SELECT format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', oid::regclass) FROM pg_class
 WHERE relforcerowsecurity AND relnamespace = current_schema()::regnamespace
UNION ALL
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
  FROM (SELECT * FROM pg_constraint WHERE conname LIKE '{PREFIX}%'
           AND connamespace = current_schema()::regnamespace ORDER BY contype = 'u') AS c
UNION ALL
SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger
 WHERE tgname LIKE '{PREFIX}%' AND NOT tgisinternal
"""


def _sqlite(existing: set[str]) -> Iterator[str]:
    for model in _tables(existing):
        table = model._meta.db_table
        for verb, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            other = f"{row}.community_id <> communs_scope()"
            if verb == "UPDATE":
                other += " OR OLD.community_id <> NEW.community_id"
            yield (
                f'CREATE TRIGGER "{PREFIX}{table}_{verb.lower()}" BEFORE {verb} ON "{table}"'
                f" WHEN {other} BEGIN"
                f" SELECT RAISE(ABORT, 'another community''s row in {table}'); END"
            )
        for field in parents(model):
            yield from _sqlite_parent(table, field)
        for verb, forbidden in _history(model, differs="IS NOT", ago="datetime('now', '-{} days')"):
            yield (
                f'CREATE TRIGGER "{PREFIX}{table}_keep_{verb.lower()}" BEFORE {verb} ON "{table}"'
                f" WHEN NOT communs_owner() AND ({forbidden}) BEGIN"
                f" SELECT RAISE(ABORT, '{table} is only added to'); END"
            )
        for guard in model.guards:
            for verb in guard.verbs:
                yield (
                    f'CREATE TRIGGER "{PREFIX}{table}_{guard.name}_{verb.lower()}"'
                    f' BEFORE {verb} ON "{table}"'
                    f" WHEN NOT communs_owner() AND ({guard.forbidden}) BEGIN"
                    f" SELECT RAISE(ABORT, '{table}: {guard.name}'); END"
                )


def _history(model: type[Owned], *, differs: str, ago: str) -> Iterator[tuple[str, str]]:
    """Give what is forbidden on a table of history, by verb."""
    if not issubclass(model, History):
        return
    columns = [field.column for field in model._meta.concrete_fields]
    changed = [f'OLD."{column}" {differs} NEW."{column}"' for column in columns]
    filled = [
        f'OLD."{column}" IS NOT NULL AND {change}' if column in model.fill_once else change
        for column, change in zip(columns, changed, strict=True)
    ]
    yield "UPDATE", " OR ".join(filled)
    yield "DELETE", f"OLD.at > {ago.format(model.keep_days)}"


def _sqlite_parent(table: str, field: models.ForeignKey) -> Iterator[str]:
    column, parent = field.column, field.related_model._meta.db_table
    for verb in ("INSERT", f'UPDATE OF "{column}", community_id'):
        yield (
            f'CREATE TRIGGER "{PREFIX}{table}_{column}_{verb.split()[0].lower()}"'
            f' BEFORE {verb} ON "{table}"'
            f' WHEN NEW."{column}" IS NOT NULL AND EXISTS (SELECT 1 FROM "{parent}"'
            f' WHERE id = NEW."{column}" AND community_id <> NEW.community_id) BEGIN'
            f" SELECT RAISE(ABORT, 'another community''s {parent} in {table}'); END"
        )


def _postgresql(existing: set[str]) -> Iterator[str]:
    yield from _role()
    scope = "current_setting('communs.community', true)"
    # Each is asked once a statement, not once a row; as a uuid, so that the column's index serves.
    everyone = f"(SELECT {scope} = '*')"
    here = f"(CASE WHEN {scope} IN ('', '*') THEN NULL ELSE {scope} END)::uuid"
    mine = f"community_id = (SELECT {here})"
    for model in _tables(existing):
        table = f'"{model._meta.db_table}"'
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        for verb, rule in (
            ("SELECT", f"USING ({everyone} OR {mine})"),
            ("INSERT", f"WITH CHECK ({mine})"),
            ("UPDATE", f"USING ({mine}) WITH CHECK ({mine})"),
            ("DELETE", f"USING ({mine})"),
        ):
            yield f"DROP POLICY IF EXISTS {PREFIX}{verb.lower()} ON {table}"
            yield f"CREATE POLICY {PREFIX}{verb.lower()} ON {table} FOR {verb} {rule}"
        yield from _postgresql_history(model)
        yield from _postgresql_guards(model)
    yield from _composite_keys(existing)


def _postgresql_history(model: type[Owned]) -> Iterator[str]:
    table = model._meta.db_table
    for verb, forbidden in _history(
        model, differs="IS DISTINCT FROM", ago="now() - interval '{} days'"
    ):
        yield (
            f"CREATE OR REPLACE FUNCTION {PREFIX}keep() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN IF current_setting('role') = 'none' THEN RETURN coalesce(NEW, OLD); END IF;"
            " RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$"
        )
        yield (
            f'CREATE TRIGGER "{PREFIX}{table}_keep_{verb.lower()}" BEFORE {verb} ON "{table}"'
            f" FOR EACH ROW WHEN ({forbidden}) EXECUTE FUNCTION {PREFIX}keep()"
        )


def _postgresql_guards(model: type[Owned]) -> Iterator[str]:
    """A condition that reads other rows stands in a function: a trigger's WHEN may not."""
    table = model._meta.db_table
    for guard in model.guards:
        name = f"{PREFIX}{table}_{guard.name}"
        yield (
            f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS'
            " $$ BEGIN IF current_setting('role') <> 'none' AND"
            f" ({guard.forbidden}) THEN RAISE EXCEPTION '{table}: {guard.name}'"
            " USING ERRCODE = 'check_violation'; END IF; RETURN coalesce(NEW, OLD); END $$"
        )
        yield (
            f'CREATE TRIGGER "{name}" BEFORE {" OR ".join(guard.verbs)} ON "{table}"'
            f' FOR EACH ROW EXECUTE FUNCTION "{name}"()'
        )


def _role() -> Iterator[str]:
    role = settings.COMMUNS_DATABASE_ROLE
    yield (
        f'DO $$ BEGIN CREATE ROLE "{role}" NOLOGIN; EXCEPTION WHEN duplicate_object OR'
        " unique_violation THEN NULL; END $$"
    )
    right = (
        "CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END"
    )
    yield (
        f"DO $$ BEGIN IF NOT pg_has_role(current_user, '{role}', {right}) THEN"
        f' GRANT "{role}" TO CURRENT_USER; END IF;'
        " EXCEPTION WHEN unique_violation THEN NULL; END $$"
    )
    yield f'GRANT USAGE ON SCHEMA public TO "{role}"'
    yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"'
    yield f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"'


def _composite_keys(existing: set[str]) -> Iterator[str]:
    pointed = {field.related_model for model in _tables(existing) for field in parents(model)}
    for model in sorted(pointed, key=lambda m: m._meta.db_table):
        table = model._meta.db_table
        yield (f'ALTER TABLE "{table}" ADD CONSTRAINT "{PREFIX}{table}" UNIQUE (community_id, id)')
    for model in _tables(existing):
        table = model._meta.db_table
        for field in parents(model):
            yield (
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{PREFIX}{table}_{field.column}"'
                f' FOREIGN KEY (community_id, "{field.column}")'
                f' REFERENCES "{field.related_model._meta.db_table}" (community_id, id)'
                " DEFERRABLE INITIALLY DEFERRED"
            )


def _tables(existing: set[str]) -> list[type[Owned]]:
    return [m for m in owned_models(apps) if m._meta.db_table in existing]
