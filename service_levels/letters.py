"""写给家长的话: what messages about requests say until a school words them itself."""
from django.utils.translation import gettext_lazy as _

from notifications.wording import Fact, MessageKind

FACTS = (Fact("school", _("机构"), "苗圃实验幼儿园"), Fact("guardian", _("家长称呼"), "罗女士"), Fact("number", _("编号"), "Q-2026-0001"),
         Fact("link", _("查询链接"), "https://miaopu.example/f/…/"))
SERVICES = (*FACTS[:2], Fact("opening", _("方案的开头"), "谢谢您一直以来的支持，"),
            Fact("services", _("多了的服务"), "家长讲座；由专人对接"))
KINDS = (
    MessageKind("service.answered", _("答复了家长的事"), _("同事把答复写在查询页上以后，避开静默时段"), FACTS, {
        "zh-hans": "{guardian}您好，{school}答复了您说的事（{number}），在这里看：{link}",
        "zh-hant": "{guardian}您好，{school}答覆了您說的事（{number}），在這裡看：{link}",
        "en": "Dear {guardian}, {school} has answered you ({number}). Read it here: {link}"}),
    MessageKind("service.settled", _("家长的事办好了"), _("办结并选了告诉家长以后，避开静默时段"), FACTS, {
        "zh-hans": "{guardian}您好，您跟{school}说的事（{number}）有结果了。看结果、说说满不满意：{link}",
        "zh-hant": "{guardian}您好，您跟{school}說的事（{number}）有結果了。看結果、說說滿不滿意：{link}",
        "en": "Dear {guardian}, {school} has an outcome for you ({number}). Read it and tell us what you think: {link}"}),
    MessageKind("service.entitled", _("多了哪些服务"), _("换了服务方案、同事批准告诉家长以后，避开静默时段"), SERVICES, {
        "zh-hans": "{guardian}您好，{opening}{school}为您家多了这些服务：{services}。有想法随时告诉我们。",
        "zh-hant": "{guardian}您好，{opening}{school}為您家多了這些服務：{services}。有想法隨時告訴我們。",
        "en": "Dear {guardian}, {opening}{school} now offers your family: {services}. Tell us what you think at any time."}),
)
