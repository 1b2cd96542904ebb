"""Shipped plans, by the scheme whose tiers they serve: every line of K16–K31 and of S6–S14, as something somebody does (K15).

The written rules leave figures blank; these are starting points that a school edits. Pure.
"""
from collections.abc import Mapping

from service_levels.plans.book import Book, Line, Occasion, People, Plan, Section, Solution, Unit

CONTENT, PROCESS, STANDARD, PEOPLE = Section.CONTENT, Section.PROCESS, Section.STANDARD, Section.PEOPLE
CADENCE, BENEFIT, EVENT = Section.CADENCE, Section.BENEFIT, Section.EVENT
WEEK, MONTH, QUARTER, YEAR = Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR
PHONE, WECHAT, FACE = "phone", "wechat", "face"
HOUR, DAY = 60, 9 * 60  # open minutes; a day of the work calendar is about nine hours

# -- 幼儿园 A–D (K16–K31) ------------------------------------------------------------------------------------
A_LINES = (
    Line(PEOPLE, "由专人对接，有事只找这一位", "K16(a)", told=True),
    Line(PROCESS, "来的事优先处理", "K16(b)"),
    Line(STANDARD, "一小时内答复，当天解决", "K16(c)", told=True),
    Line(EVENT, "按兴趣定制的亲子活动", "K17(a)", QUARTER, minutes=30, fen=8_000, told=True),
    Line(EVENT, "家长讲座", "K17(b)", QUARTER, minutes=15, told=True),
    Line(EVENT, "请来做分享嘉宾，讲自己的经验", "K17(c)", YEAR, minutes=60, told=True),
    Line(EVENT, "参加活动的专设环节", "K17(d)", YEAR, 2, minutes=20, told=True),
    Line(CONTENT, "一起谈园所的发展方向", "K18(a)", YEAR, minutes=60, by=(FACE,)),
    Line(CONTENT, "参与课程研发", "K18(b)", YEAR, minutes=60, by=(FACE,)),
    Line(CONTENT, "对管理提改进意见", "K18(c)", YEAR, minutes=45, by=(FACE,)),
    Line(PROCESS, "说过的意见都记下来", "K18(d)", YEAR, minutes=15),
    Line(BENEFIT, "定期寄感谢信", "K19(a)", YEAR, 2, minutes=15, fen=500, told=True, occasion=Occasion.THANKS),
    Line(BENEFIT, "定期送小礼物", "K19(b)", YEAR, 2, minutes=10, fen=5_000, told=True, occasion=Occasion.THANKS),
    Line(CADENCE, "重大节日问候", "K19(c)", YEAR, 4, minutes=10, by=(PHONE, WECHAT), occasion=Occasion.FESTIVAL),
    Line(CADENCE, "个人纪念日专属问候", "K19(d)", YEAR, 1, minutes=10, by=(PHONE, WECHAT), occasion=Occasion.ANNIVERSARY),
    Line(BENEFIT, "纪念日定制礼品", "K19(e)", YEAR, 1, minutes=20, fen=15_000, told=True, occasion=Occasion.GIFT),
)
B_LINES = (
    Line(STANDARD, "常规服务及时高效，教育上的问题当天处理", "K20", told=True),
    Line(CADENCE, "说说孩子的情况", "K21(a)", MONTH, minutes=15, by=(PHONE, FACE)),
    Line(CONTENT, "听家长的需要", "K21(b)"),
    Line(CONTENT, "介绍近来的活动和进展", "K21(c)", told=True),
    Line(EVENT, "园里的活动都请，参加有积分", "K22(a)", MONTH, minutes=5, told=True),
    Line(BENEFIT, "积分换小奖品", "K22(b)", QUARTER, minutes=5, fen=3_000, told=True),
    Line(CONTENT, "合适的时候推荐增值服务", "K23(a)", YEAR, 2, minutes=15),
    Line(CONTENT, "推荐特色课程：兴趣班升级、个别辅导", "K23(b)", YEAR, 2, minutes=15),
)
C_LINES = (
    Line(CADENCE, "打电话了解", "K24(a)", MONTH, minutes=15, by=(PHONE,)),
    Line(CADENCE, "微信了解", "K24(b)", MONTH, minutes=8, by=(WECHAT,)),
    Line(CONTENT, "听家长怎么看园里", "K24(c)"),
    Line(CONTENT, "孩子在家的生活", "K24(d)"),
    Line(PROCESS, "查满意度低、少参加的原因，写进档案", "K24(e)", QUARTER, minutes=20),
    Line(CONTENT, "接送不便的，改流程或加接送时段", "K25(a)"),
    Line(CONTENT, "课程不合的，调内容和方法", "K25(b)"),
    Line(CADENCE, "孩子生日问候，送小礼物", "K26(a)", YEAR, 1, minutes=10, fen=3_000, told=True, occasion=Occasion.BIRTHDAY),
    Line(CADENCE, "孩子有进步时报喜，送小礼物", "K26(b)", YEAR, 2, minutes=10, fen=2_000, told=True, occasion=Occasion.PROGRESS),
    Line(EVENT, "活动推送：内容和意义讲清楚，带着参加", "K27", MONTH, minutes=5, told=True),
)
D_LINES = (
    Line(PEOPLE, "挽回小组负责", "K28(a)"),
    Line(PROCESS, "先做原因分析", "K28(b)", QUARTER, minutes=40),
    Line(PROCESS, "一家一策", "K28(c)", QUARTER, minutes=40),
    Line(CONTENT, "教学的问题：培训老师，把措施和结果给家长看", "K28(d)", QUARTER, minutes=30, by=(FACE,), told=True),
    Line(CONTENT, "态度的问题：培训员工、把流程定下来", "K28(e)", QUARTER, minutes=30),
    Line(CADENCE, "每周问候", "K29(a)", WEEK, minutes=12, by=(PHONE, WECHAT)),
    Line(CONTENT, "孩子这一周怎样", "K29(b)"),
    Line(CONTENT, "需要什么、不满意什么", "K29(c)"),
    Line(CONTENT, "真诚地请家长提意见", "K29(d)"),
    Line(BENEFIT, "学费优惠", "K30(a)", YEAR, 1, fen=50_000, ruled=True),
    Line(BENEFIT, "免费兴趣班", "K30(b)", YEAR, 1, fen=30_000, ruled=True),
    Line(CONTENT, "介绍我们的特色和长处", "K30(c)", told=True),
    Line(PROCESS, "提出的问题一件一件解决", "K31(a)"),
    Line(STANDARD, "让家长有好的体验", "K31(b)"),
    Line(EVENT, "请来参加小型活动，有认同和归属", "K31(c)", QUARTER, minutes=20, fen=2_000, told=True),
)
DEDICATED = Plan("dedicated", "专属服务", People.NAMED, Solution.TAILORED, 1, HOUR, DAY, A_LINES)
QUALITY = Plan("quality", "优质服务", People.NAMED, Solution.ADAPTED, 2, 2 * HOUR, DAY, B_LINES)
CLOSER = Plan("closer", "加强沟通", People.NAMED, Solution.ADAPTED, 2, 3 * HOUR, 2 * DAY, C_LINES)
WIN_BACK = Plan("win-back", "挽回", People.TEAM, Solution.TAILORED, 1, HOUR, DAY, D_LINES)
HOLD = Plan("hold", "专属挽留", People.TEAM, Solution.TAILORED, 1, HOUR // 2, DAY, A_LINES + D_LINES)
KINDERGARTEN = Book(
    ("A", "B", "C", "D"), (DEDICATED, QUALITY, CLOSER, WIN_BACK, HOLD),
    (("dedicated", "dedicated", "hold"), ("quality", "quality", "win-back"), ("closer", "closer", "win-back"),
     ("win-back", "win-back", "win-back"), ("quality", "quality", "win-back")))

# -- 一至四级 (S6–S14) -----------------------------------------------------------------------------------------
FIRST_LINES = (
    Line(PEOPLE, "客户经理", "S6(a)", told=True),
    Line(PEOPLE, "技术支持", "S6(b)", told=True),
    Line(PEOPLE, "从头到尾一对一", "S6(c)", told=True),
    Line(PROCESS, "供应优先：选课、选时间、选老师", "S7(a)", told=True),
    Line(PROCESS, "售后优先", "S7(b)", told=True),
    Line(CONTENT, "按特别的需要定制课程和服务", "S8", YEAR, 2, minutes=60, told=True),
    Line(CADENCE, "团队回访：用得怎样、需要变了没有、策略怎么调", "S9", MONTH, minutes=25, by=(PHONE, FACE)),
    Line(BENEFIT, "专属价格", "S10(a)", YEAR, 1, fen=20_000, ruled=True),
    Line(BENEFIT, "折扣", "S10(b)", YEAR, 1, fen=20_000, ruled=True),
    Line(BENEFIT, "赠品", "S10(c)", YEAR, 2, minutes=5, fen=5_000, told=True),
    Line(EVENT, "免费培训", "S11(a)", YEAR, 2, minutes=60, told=True),
    Line(EVENT, "研讨会邀请", "S11(b)", YEAR, 2, minutes=15, told=True),
    Line(CONTENT, "市场信息", "S11(c)", QUARTER, minutes=10, told=True, occasion=Occasion.NEWS),
)
SECOND_LINES = (
    Line(PEOPLE, "指定服务人员", "S12(a)", told=True),
    Line(STANDARD, "规定时间内答复并处理", "S12(b)", told=True),
    Line(CONTENT, "标准方案，可以适当定制", "S12(c)"),
    Line(CADENCE, "定期沟通，听意见", "S12(d)", MONTH, minutes=15, by=(PHONE, WECHAT)),
    Line(EVENT, "优惠活动优先参加", "S12(e)", QUARTER, minutes=5, told=True),
)
THIRD_LINES = (
    Line(PEOPLE, "普通服务人员", "S13(a)"),
    Line(STANDARD, "按正常流程和时间", "S13(b)"),
    Line(CONTENT, "通用方案", "S13(c)"),
    Line(CADENCE, "不定期回访，收反馈", "S13(d)", YEAR, 2, minutes=10, by=(PHONE, WECHAT)),
)
FOURTH_LINES = (
    Line(PEOPLE, "自助为主：在线服务、常见问题", "S14(a)", told=True),
    Line(PROCESS, "引导自己解决", "S14(b)"),
    Line(STANDARD, "提出请求时按基本标准处理", "S14(c)"),
)
KEPT_LINES = (
    Line(PROCESS, "先查要走的原因", "K28(b)", QUARTER, minutes=40),
    Line(CADENCE, "每周问候，直到风险降下来", "K29(a)", WEEK, minutes=12, by=(PHONE, WECHAT)),
    Line(PROCESS, "提出的问题一件一件解决", "K31(a)"),
)
TEAM = Plan("team", "专属团队", People.TEAM, Solution.TAILORED, 1, HOUR, DAY, FIRST_LINES)
TEAM_HOLD = Plan("team-hold", "专属团队挽留", People.TEAM, Solution.TAILORED, 1, HOUR // 2, DAY, FIRST_LINES + KEPT_LINES)
NAMED = Plan("named", "指定人员", People.NAMED, Solution.ADAPTED, 2, 2 * HOUR, DAY, SECOND_LINES)
NAMED_HOLD = Plan("named-hold", "指定人员挽留", People.NAMED, Solution.ADAPTED, 1, HOUR, DAY, SECOND_LINES + KEPT_LINES)
POOL = Plan("pool", "普通服务", People.POOL, Solution.STANDARD, 3, DAY, 3 * DAY, THIRD_LINES)
SELF = Plan("self", "自助服务", People.SELF, Solution.BASIC, 4, 2 * DAY, 5 * DAY, FOURTH_LINES)
TRAINING = Book(
    ("1", "2", "3", "4"), (TEAM, TEAM_HOLD, NAMED, NAMED_HOLD, POOL, SELF),
    (("team", "team", "team-hold"), ("named", "named", "named-hold"), ("pool", "pool", "named"), ("self", "self", "self"),
     ("pool", "pool", "named")))

BY_SCHEME: Mapping[str, Book] = {"kg-ad": KINDERGARTEN, "svc-14": TRAINING}
