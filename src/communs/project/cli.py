"""The command line: `communs import-communique FILE` and the others."""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from communs.project.prepare import compile_translations, house_folders


def main() -> None:
    """Run a command; a wrong setting is one sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "communs.project.settings")
    compile_translations(house_folders())
    arguments = list(sys.argv)
    if len(arguments) > 1:
        arguments[1] = arguments[1].replace("-", "_") if arguments[1][:1] != "-" else arguments[1]
    try:
        execute_from_command_line(arguments)
    except ImproperlyConfigured as error:
        sys.exit(f"communs: {error}")


if __name__ == "__main__":
    main()
