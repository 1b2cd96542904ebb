"""API addresses of service levels."""
from rest_framework.routers import SimpleRouter

from service_levels.api import Requests, Touches

router = SimpleRouter()
router.register("requests", Requests, "request")
router.register("touches", Touches, "touch")
urlpatterns = router.urls
