from typing import Any

from django.db import migrations

ON_SQLITE = (
    "CREATE VIRTUAL TABLE search_terms USING fts5("
    "terms, content='search_document', content_rowid='number', detail='none', columnsize=0, "
    """tokenize="ascii tokenchars '@#^~._'")""",
)
ON_POSTGRESQL = ("CREATE TABLE search_terms (number bigint NOT NULL, vector tsvector NOT NULL)",)


def create(apps: Any, schema_editor: Any) -> None:
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in ON_POSTGRESQL if on_postgresql else ON_SQLITE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
