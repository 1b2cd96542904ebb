"""What a new school's reception starts with: four types of visit, the booking rules, areas to show, things to make ready."""
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from reception.models import Area, BookingRules, BriefingPoint, CheckItem, FollowRule, Offer, SopPage, VisitType
from reception.sweep import ask
from tenancy.models import Campus, Tenant

# names and hints are kept as they stand here, and shown to a parent in their own language as long as the school keeps them
# code → name, minutes, rest, groups at once, notice in minutes, may be booked by parents, what to know before coming
TYPES = [
    ("tour", _("参观"), 50, 10, 3, 120, True, _("可以带孩子一起来，给孩子带一双室内鞋。")),
    ("trial", _("体验课"), 60, 0, 6, 1440, True, _("请提前 10 分钟到，孩子穿方便活动的衣服。")),
    ("consultation", _("咨询"), 40, 20, 1, 120, True, ""),
    ("signing", _("签约"), 60, 0, 1, 120, False, _("请带好身份证件。")),
]
# 参观路线 (R18): name, and what is said there (R19): purpose, safety, teaching, hygiene
AREAS = [
    ("接待区", "家长等候、登记和咨询", "访客登记后由老师陪同", "", "桌面和玩具每天消毒"),
    ("游戏区", "自由游戏和大运动", "软包边角、地垫，老师站位看护", "材料按年龄投放，游戏里观察孩子", "玩具每天清洗消毒"),
    ("休息区", "午睡", "值守老师每 15 分钟看一次", "固定的作息，慢慢适应", "一人一床一被，每周清洗"),
    ("教学区", "集体和小组活动", "插座带保护、柜子固定在墙上", "课程安排和孩子的作品", "每天通风和紫外线消毒"),
    ("餐厅", "三餐两点", "过敏孩子分餐并有提示牌", "自己吃饭、认识食物", "食材留样 48 小时，餐具高温消毒"),
    ("卫生间", "如厕和洗手", "防滑地面、矮台盆，老师陪同", "七步洗手法", "每次使用后清洁"),
    ("安全出口", "紧急疏散", "通道畅通，每月演练", "跟孩子一起认标志", ""),
]
# 接待准备 (R10, R11)
CHECKS = [("区域整洁", "place"), ("布置温馨", "place"), ("宣传手册", "papers"), ("招生手册", "papers"), ("价格表", "papers"),
          ("教师介绍", "papers"), ("饮品", "treats"), ("点心", "treats"), ("环境安全", "safety"), ("环境卫生", "hygiene"),
          ("环境舒适", "comfort")]
# 跟进计划 (R30): after what, how many days, how, about what, whether the child's settling in is asked for
FOLLOW = [
    ("unsigned", 1, "wechat", "谢谢来访，补上没说完的问题", False), ("unsigned", 3, "phone", "考虑得怎么样，还担心什么", False),
    ("unsigned", 7, "wechat", "请来参加体验课或开放活动", False), ("unsigned", 30, "phone", "还来不来，选了别家问问原因", False),
    ("signed", 1, "wechat", "欢迎，确认入园准备和材料", False), ("signed", 7, "phone", "孩子第一周吃饭、午睡、情绪", True),
    ("signed", 14, "wechat", "家长接送和沟通习惯不习惯", False), ("signed", 30, "phone", "满月回访，问满意度和要帮什么", True),
]
# 操作手册 (R38): how each stage is done until a school writes its own (R13, R14, R16, R23, R41)
MANUAL = {
    "booking": "三声内接电话，报园名和自己的名字。问清想了解什么、孩子多大、什么时候方便；约好当场复述时间和地点。\n"
               "孩子的信息要家长同意才记，不同意也照样约。",
    "preparation": "第一组家庭来之前 30 分钟把准备清单走完，缺什么当场补。\n接待人看过简报：家长关心什么、孩子多大、以前聊过什么。",
    "welcome": "五分钟内迎到门口，微笑、蹲下来跟孩子打招呼。\n先介绍自己：“我是×老师，今天由我陪您。”再用一句话介绍园所。\n"
               "衣着整洁，不背后议论任何家庭。",
    "registration": "请家长入座、倒水，孩子有玩具。先听家长想了解什么，再介绍特色、优势、服务和安全措施。\n"
                    "登记约的时候没说的，说明信息只用来接待和联系。",
    "tour": "每一处都看，讲功能、安全、教学、卫生；家长关心的地方多留一会儿。\n不打断正在上课的班，不拍别的孩子。",
    "consultation": "先听完，再说。问清需要、预算、期望、担心；不适合的如实说。\n不承诺做不到的事；答应的都写进台账，写明谁做、哪天。\n"
                    "不催着今天定，不贬低别家。",
    "signing": "逐条讲清楚，问题答完再签。收费、退费、承诺都在合同里。\n家长和园里各留一份。",
    "follow_up": "离开当天发一句感谢，补上没答完的问题。按计划联系，记下家长的原话。\n签约后问孩子适应和家长适应，能帮的当天帮。",
    "feedback": "请家长说说哪里好、哪里不好，不辩解，先谢谢。\n每周把意见过一遍，改什么、谁改、哪天改好写下来。",
}
# 应答要点 (R12): what a parent asks for, what to say, what to have at hand, where to stress it
POINTS = [
    ("过敏", "讲分餐台和过敏提示牌，问清楚过敏原并记下", "过敏餐流程", "餐厅"),
    ("吃饭", "一周食谱、加餐时间、挑食怎么办", "一周食谱", "餐厅"),
    ("午睡", "一人一床、值守老师，可以带自己的安抚物", "作息表", "休息区"),
    ("接送", "接送时间、代接登记、迟到怎么办", "接送制度", "接待区"),
    ("费用", "看价格表，说清退费规则，不口头许诺", "价格表", "接待区"),
    ("试听", "当场约一节体验课", "课程表", "教学区"),
]


def furnish(tenant: Tenant) -> None:
    """Safe to repeat: a school that has types of its own keeps them."""
    BookingRules.objects.get_or_create(tenant=tenant)
    furnish_board()
    if VisitType.objects.exists():
        return
    types = VisitType.objects.bulk_create([
        VisitType(code=code, name=name, minutes=minutes, rest_minutes=rest, capacity=capacity, notice_minutes=notice, is_public=public,
                  before=before, order=number)
        for number, (code, name, minutes, rest, capacity, notice, public, before) in enumerate(TYPES)])
    Offer.objects.bulk_create([Offer(type=kind, campus=campus) for kind in types for campus in Campus.objects.all()])


def furnish_board() -> None:
    """The areas of every campus that has none yet, and the list of what is made ready. Safe to repeat."""
    for campus in Campus.objects.filter(areas=None):
        furnish_areas(campus)
    if not CheckItem.objects.exists():
        CheckItem.objects.bulk_create([CheckItem(name=name, kind=kind, order=number) for number, (name, kind) in enumerate(CHECKS)])
    if not FollowRule.objects.exists():
        FollowRule.objects.bulk_create([FollowRule(after=after, days=days, channel=channel, what=what, asks_child=asks)
                                        for after, days, channel, what, asks in FOLLOW])
    if not SopPage.objects.exists():
        SopPage.objects.bulk_create([SopPage(stage=stage, number=1, text=text, at=timezone.now()) for stage, text in MANUAL.items()])
    if not BriefingPoint.objects.exists():
        BriefingPoint.objects.bulk_create([BriefingPoint(need=need, say=say, bring=bring, area=area, order=number)
                                           for number, (need, say, bring, area) in enumerate(POINTS)])


def furnish_areas(campus: Campus) -> None:
    Area.objects.bulk_create([
        Area(campus=campus, name=name, purpose=purpose, safety=safety, teaching=teaching, hygiene=hygiene, order=number)
        for number, (name, purpose, safety, teaching, hygiene) in enumerate(AREAS)])


def furnish_campus(campus: Campus) -> None:
    """A campus that a school adds later: it can be visited at once, for everything the school offers."""
    furnish_areas(campus)
    Offer.objects.bulk_create([Offer(type=kind, campus=campus) for kind in VisitType.objects.filter(is_open=True)])
    ask()
