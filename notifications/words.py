"""What the acts of this app are called, and the one kind of message that is its own."""
from django.utils.translation import gettext_lazy as _

from notifications.wording import Fact, MessageKind

VERBS = {"notifications.message_viewed": _("看家长消息"), "notifications.message_done": _("人工告知家长"),
         "notifications.message_dropped": _("不发家长消息"), "notifications.message_again": _("重发家长消息"),
         "notifications.template_kept": _("改消息模板"), "notifications.template_reset": _("换回消息模板"),
         "notifications.sms_account_kept": _("改短信账号")}

TEST = MessageKind(
    "notifications.test", _("测试短信"), _("从短信账号页试发"),
    (Fact("school", _("机构"), "苗圃实验幼儿园"), Fact("time", _("时间"), "09:30")),
    {"zh-hans": "{school}的短信账号可以用，{time} 发出。", "zh-hant": "{school}的簡訊帳號可以使用，{time} 發出。",
     "en": "{school} can send short messages. Sent at {time}."})
