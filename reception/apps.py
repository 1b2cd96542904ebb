from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "reception"
    verbose_name = "到访接待"

    def ready(self) -> None:
        from audit import words
        from reception import consumers, furnish, queries  # noqa: F401  (consumers: what the worker does)
        from tenancy import panels

        for place in ("new_school", "older_school"):
            panels.register(place, 30, furnish.furnish)
        words.name(queries.VERBS)
