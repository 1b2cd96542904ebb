"""筹备清单的底子: what an event of a kind usually needs, while there is no earlier one to learn from (K35b)."""
from django.utils.translation import gettext as _

from service_levels.models import Event, EventTask

Kind = EventTask.Kind
Item = tuple[str, str, int]  # what kind of thing, what, how many days before


def usual(kind: str) -> list[Item]:
    """For every event, then what this kind of event needs besides."""
    always = [(Kind.VENUE, _("定场地，看安全和通风，雨天换到哪里"), 14), (Kind.PEOPLE, _("主持的老师"), 10),
              (Kind.PEOPLE, _("看护孩子和拍照的老师，拍照先问家长"), 7), (Kind.MATERIAL, _("签到台、二维码、饮水"), 2)]
    return always + _besides(kind)


def _besides(kind: str) -> list[Item]:
    if kind in (Event.Kind.LECTURE, Event.Kind.TRAINING, Event.Kind.SEMINAR):
        return [(Kind.PEOPLE, _("请主讲人，对好内容"), 14), (Kind.VENUE, _("投影、话筒、座位"), 3), (Kind.MATERIAL, _("讲义"), 3)]
    if kind == Event.Kind.FESTIVAL:
        return [(Kind.MATERIAL, _("节日布置和小礼物"), 5), (Kind.VENUE, _("布置场地"), 1)]
    if kind == Event.Kind.SMALL:
        return [(Kind.MATERIAL, _("一家一份的材料"), 3), (Kind.PEOPLE, _("每家安排一位熟悉的老师"), 5)]
    return [(Kind.MATERIAL, _("活动材料，按人数备"), 5), (Kind.PEOPLE, _("每组一位带组的老师"), 5)]
