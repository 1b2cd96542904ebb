"""API addresses of the archive."""
from rest_framework.routers import SimpleRouter

from crm.api import Activities, Families, Payments, Referrals

router = SimpleRouter()
router.register("families", Families, "family")
router.register("payments", Payments, "payment")
router.register("referrals", Referrals, "referral")
router.register("activities", Activities, "activity")
urlpatterns = router.urls
