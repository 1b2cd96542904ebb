from django.apps import AppConfig


class ServiceLevelsConfig(AppConfig):
    name = "service_levels"
    verbose_name = "服务"

    def ready(self) -> None:
        from service_levels import wiring

        wiring.connect()
