"""写给家长的话: the kinds of messages that reception sends, and what they say until a school words them itself (R7)."""
from django.utils.translation import gettext_lazy as _

from notifications.wording import Fact, MessageKind

SCHOOL = Fact("school", _("机构"), "苗圃实验幼儿园")
GUARDIAN = Fact("guardian", _("家长称呼"), "罗女士")
DAY = Fact("day", _("日期"), "11月30日 周一")
TIME = Fact("time", _("时间"), "09:30")
CAMPUS = Fact("campus", _("园所"), "东湖园")
ADDRESS = Fact("address", _("地址"), "东湖路 12 号")
KIND = Fact("visit", _("到访类型"), "参观")
REFERENCE = Fact("reference", _("预约号"), "K7M2QX4P")
BEFORE = Fact("before", _("来之前的提示"), "请带孩子穿方便活动的鞋。")
LINK = Fact("link", _("预约页"), "https://miaopu.example/b/…/")
UNTIL = Fact("until", _("留到几点"), "10:30")
CODE = Fact("code", _("验证码"), "402817")
VISIT = (SCHOOL, GUARDIAN, DAY, TIME, CAMPUS, ADDRESS, KIND, REFERENCE, BEFORE, LINK)

KINDS = (
    MessageKind("reception.confirmation", _("预约确认"), _("约好以后马上"), VISIT, {
        "zh-hans": "{guardian}您好，{school}{visit}约好了：{day} {time}，{campus} {address}。{before}"
                   "预约号 {reference}，查看或改时间：{link}",
        "zh-hant": "{guardian}您好，{school}{visit}約好了：{day} {time}，{campus} {address}。{before}"
                   "預約號 {reference}，查看或改時間：{link}",
        "en": "Dear {guardian}, your {visit} at {school} is booked: {day} {time}, {campus}, {address}. {before} "
              "Reference {reference}. See or change it: {link}"}),
    MessageKind("reception.day_before", _("前一天提醒"), _("到访前一天的同一时间，避开静默时段"), VISIT, {
        "zh-hans": "{guardian}您好，{day} {time} 在{school}{campus}等您来{visit}。{before}来不了或要改时间：{link}",
        "zh-hant": "{guardian}您好，{day} {time} 在{school}{campus}等您來{visit}。{before}來不了或要改時間：{link}",
        "en": "Dear {guardian}, we look forward to your {visit} at {school}, {campus}, {day} {time}. {before} "
              "To change or cancel: {link}"}),
    MessageKind("reception.soon", _("快到时间的提醒"), _("到访前两小时，避开静默时段"), VISIT, {
        "zh-hans": "{guardian}您好，{time} 在{campus} {address}等您，路上注意安全。到了请报预约号 {reference}。",
        "zh-hant": "{guardian}您好，{time} 在{campus} {address}等您，路上注意安全。到了請報預約號 {reference}。",
        "en": "Dear {guardian}, see you at {time} at {campus}, {address}. At the door, give the reference {reference}."}),
    MessageKind("reception.moved", _("改约确认"), _("换了时间以后马上"), VISIT, {
        "zh-hans": "{guardian}您好，{school}{visit}改到 {day} {time}，{campus} {address}。预约号 {reference} 不变，查看：{link}",
        "zh-hant": "{guardian}您好，{school}{visit}改到 {day} {time}，{campus} {address}。預約號 {reference} 不變，查看：{link}",
        "en": "Dear {guardian}, your {visit} at {school} is now on {day} {time}, {campus}, {address}. "
              "Your reference {reference} stays. See it: {link}"}),
    MessageKind("reception.cancelled", _("取消告知"), _("园里取消了预约以后"), VISIT, {
        "zh-hans": "{guardian}您好，很抱歉，{day} {time} 在{school}的{visit}取消了，我们会打电话跟您另约时间。",
        "zh-hant": "{guardian}您好，很抱歉，{day} {time} 在{school}的{visit}取消了，我們會打電話跟您另約時間。",
        "en": "Dear {guardian}, we are sorry: your {visit} at {school} on {day} {time} is cancelled. We will call you for another time."}),
    MessageKind("reception.offered", _("候补有位"), _("给候补留了位以后，静默时段里不发"), (*VISIT, UNTIL), {
        "zh-hans": "{guardian}您好，{day} {time} 的{visit}有位了，给您留到 {until}。要的话点开确认：{link}",
        "zh-hant": "{guardian}您好，{day} {time} 的{visit}有位了，給您留到 {until}。要的話點開確認：{link}",
        "en": "Dear {guardian}, a place for {visit} on {day} {time} is kept for you until {until}. To take it: {link}"}),
    MessageKind("reception.code", _("手机验证码"), _("家长在预约页要验证码时"), (SCHOOL, CODE), {
        "zh-hans": "验证码 {code}，十分钟内有效。您正在{school}预约到访，不是您本人请不要理会。",
        "zh-hant": "驗證碼 {code}，十分鐘內有效。您正在{school}預約到訪，不是您本人請不要理會。",
        "en": "Your code is {code}, good for ten minutes, for booking a visit at {school}. Not you? Ignore it."}, is_secret=True),
)
