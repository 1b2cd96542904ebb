"""写给家长的话: what messages about requests say until a school words them itself."""
from django.utils.translation import gettext_lazy as _

from notifications.wording import Fact, MessageKind

FACTS = (Fact("school", _("机构"), "苗圃实验幼儿园"), Fact("guardian", _("家长称呼"), "罗女士"), Fact("number", _("编号"), "Q-2026-0001"),
         Fact("link", _("查询链接"), "https://miaopu.example/f/…/"))
SERVICES = (*FACTS[:2], Fact("opening", _("方案的开头"), "谢谢您一直以来的支持，"),
            Fact("services", _("多了的服务"), "家长讲座；由专人对接"))
EVENT = (*FACTS[:2], Fact("event", _("活动"), "亲子阅读会"), Fact("when", _("什么时候"), "12月5日 周六 09:30"),
         Fact("place", _("在哪里"), "东湖园多功能厅"), Fact("link", _("邀请页"), "https://miaopu.example/e/…/"))
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
    MessageKind("service.event_invited", _("请家长来活动"), _("发出邀请以后，避开静默时段；优先的家庭先收到"), EVENT, {
        "zh-hans": "{guardian}您好，{school}请您家来{event}：{when}，{place}。做什么、来不来，在这里看和答：{link}",
        "zh-hant": "{guardian}您好，{school}請您家來{event}：{when}，{place}。做什麼、來不來，在這裡看和答：{link}",
        "en": "Dear {guardian}, {school} invites you to {event}: {when}, {place}. What it is, and your answer: {link}"}),
    MessageKind("service.event_seat", _("候补有位置了"), _("有家庭不来、轮到候补的时候，避开静默时段"), EVENT, {
        "zh-hans": "{guardian}您好，{event}有位置了，等您家来：{when}，{place}。来不了请在这里说一声：{link}",
        "zh-hant": "{guardian}您好，{event}有位置了，等您家來：{when}，{place}。來不了請在這裡說一聲：{link}",
        "en": "Dear {guardian}, there is room for you at {event}: {when}, {place}. If you cannot come, tell us here: {link}"}),
    MessageKind("service.event_moved", _("活动改了时间或地方"), _("改了以后，避开静默时段"), EVENT, {
        "zh-hans": "{guardian}您好，{event}改在{when}，{place}。来不来，在这里改：{link}",
        "zh-hant": "{guardian}您好，{event}改在{when}，{place}。來不來，在這裡改：{link}",
        "en": "Dear {guardian}, {event} is now {when}, {place}. Change your answer here: {link}"}),
    MessageKind("service.event_off", _("活动取消了"), _("取消以后，避开静默时段"), EVENT, {
        "zh-hans": "{guardian}您好，很抱歉，{when}的{event}取消了，以后有活动再请您家来。",
        "zh-hant": "{guardian}您好，很抱歉，{when}的{event}取消了，以後有活動再請您家來。",
        "en": "Dear {guardian}, we are sorry: {event} ({when}) is cancelled. We hope to see you another time."}),
    MessageKind("service.event_thanks", _("谢谢来活动，请说说"), _("活动后的夜里，避开静默时段"), EVENT, {
        "zh-hans": "{guardian}您好，谢谢您家来{event}。喜欢不喜欢、下次怎么办更好，在这里告诉我们：{link}",
        "zh-hant": "{guardian}您好，謝謝您家來{event}。喜歡不喜歡、下次怎麼辦更好，在這裡告訴我們：{link}",
        "en": "Dear {guardian}, thank you for coming to {event}. Tell us how it was and what to do better: {link}"}),
)
