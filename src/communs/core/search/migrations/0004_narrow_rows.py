from typing import Any

from django.db import migrations

from communs.core.search.backends import postgresql
from communs.core.search.backends.shelves import Shelf


def narrow(apps: Any, schema_editor: Any) -> None:
    """On PostgreSQL terms move out of the rows; all is made anew from the documents."""
    if schema_editor.connection.vendor != "postgresql":
        return
    made = (*postgresql.TABLE, postgresql.FILL, *postgresql.INDEXES)
    for shelf in Shelf:
        for statement in ("DROP TABLE {0}", *made, "ANALYZE {0}"):
            schema_editor.execute(statement.format(shelf, shelf.documents))


class Migration(migrations.Migration):
    dependencies = [("search", "0003_shelves")]
    operations = [migrations.RunPython(narrow, migrations.RunPython.noop)]
