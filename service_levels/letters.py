"""写给家长的话: what messages about requests say until a school words them itself."""
from django.utils.translation import gettext_lazy as _

from notifications.wording import Fact, MessageKind

FACTS = (Fact("school", _("机构"), "苗圃实验幼儿园"), Fact("guardian", _("家长称呼"), "罗女士"), Fact("number", _("编号"), "Q-2026-0001"),
         Fact("link", _("查询链接"), "https://miaopu.example/f/…/"))
KINDS = (
    MessageKind("service.answered", _("答复了家长的事"), _("同事把答复写在查询页上以后，避开静默时段"), FACTS, {
        "zh-hans": "{guardian}您好，{school}答复了您说的事（{number}），在这里看：{link}",
        "zh-hant": "{guardian}您好，{school}答覆了您說的事（{number}），在這裡看：{link}",
        "en": "Dear {guardian}, {school} has answered you ({number}). Read it here: {link}"}),
    MessageKind("service.settled", _("家长的事办好了"), _("办结并选了告诉家长以后，避开静默时段"), FACTS, {
        "zh-hans": "{guardian}您好，您跟{school}说的事（{number}）有结果了。看结果、说说满不满意：{link}",
        "zh-hant": "{guardian}您好，您跟{school}說的事（{number}）有結果了。看結果、說說滿不滿意：{link}",
        "en": "Dear {guardian}, {school} has an outcome for you ({number}). Read it and tell us what you think: {link}"}),
)
