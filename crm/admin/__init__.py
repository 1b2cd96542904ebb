"""The archive's tables in the admin: every list can be searched, filtered, exported; hand edits keep their history."""
from crm.admin import facts, people, settings, studies  # noqa: F401  (registering is their effect)
