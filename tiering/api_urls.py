"""API addresses of the tier engine."""
from rest_framework.routers import SimpleRouter

from tiering.api import Batches, Standings

router = SimpleRouter()
router.register("standings", Standings, "standing")
router.register("batches", Batches, "batch")
urlpatterns = router.urls
