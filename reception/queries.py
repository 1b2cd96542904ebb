"""Reads worth a name, and what reception's acts are called."""
from django.utils.translation import gettext_lazy as _

VERBS = {"reception.booked": _("预约"), "reception.waiting": _("候补"), "reception.offered": _("候补留位"),
         "reception.accepted": _("接受候补"),
         "reception.confirmed": _("确认预约"), "reception.cancelled": _("取消预约"), "reception.moved": _("改约"),
         "reception.arrived": _("登记到访"), "reception.no_show": _("登记未到"),
         "reception.filed": _("预约建档"),
         "reception.host_assigned": _("安排接待人"), "reception.slot_resized": _("改时段人数"), "reception.slot_blocked": _("停用时段"),
         "reception.slot_opened": _("恢复时段"), "reception.slots_swept": _("排时段")}
