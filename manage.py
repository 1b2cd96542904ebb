#!/usr/bin/env python
"""Django's command line. Only commands that change the schema connect as the owner of the tables."""
import os
import sys

OWNER_COMMANDS = {"migrate", "prepare", "sqlmigrate"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["MIAOPU_DB_ROLE"] = "owner"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
