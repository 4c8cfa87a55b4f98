from typing import Any

from django.db import migrations

from communs.core.search.backends import postgresql, sqlite


def shelve(apps: Any, schema_editor: Any) -> None:
    """What everybody may read gets an index of its own, made from the documents."""
    ours = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
    for statement in ("DROP TABLE search_terms", *ours.CREATE):
        schema_editor.execute(statement)
    ours.repair()


class Migration(migrations.Migration):
    dependencies = [("search", "0002_full_text")]
    operations = [migrations.RunPython(shelve, migrations.RunPython.noop)]
