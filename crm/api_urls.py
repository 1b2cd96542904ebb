"""API addresses of the archive."""
from rest_framework.routers import SimpleRouter

from crm.api.facts import Activities, Payments, Referrals
from crm.api.families import Children, Enrolments, Families, Guardians

router = SimpleRouter()
router.register("families", Families, "family")
router.register("children", Children, "child")
router.register("guardians", Guardians, "guardian")
router.register("enrolments", Enrolments, "enrolment")
router.register("payments", Payments, "payment")
router.register("referrals", Referrals, "referral")
router.register("activities", Activities, "activity")
urlpatterns = router.urls
