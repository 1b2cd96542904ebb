"""写给家长的话: the message that the archive sends, and what it says until a school words it itself."""
from django.utils.translation import gettext_lazy as _

from notifications.wording import Fact, MessageKind

KINDS = (
    MessageKind("crm.survey", _("问卷"), _("问卷到了发的时候，避开静默时段"), (
        Fact("school", _("机构"), "苗圃实验幼儿园"), Fact("guardian", _("家长称呼"), "罗女士"), Fact("survey", _("问卷"), "到访反馈"),
        Fact("link", _("问卷链接"), "https://miaopu.example/q/…/")), {
        "zh-hans": "{guardian}您好，{school}想听听您的意见，一分钟就好：{link}",
        "zh-hant": "{guardian}您好，{school}想聽聽您的意見，一分鐘就好：{link}",
        "en": "Dear {guardian}, {school} would like to hear what you think; it takes a minute: {link}"}),
)
