"""Acts and terms of service levels in words."""
from django.utils.translation import gettext_lazy as _

from service_levels.plans.book import Occasion, People, Section, Solution, Unit

VERBS = {"service.plans_seen": _("看服务方案"), "service.listed": _("看应享服务"), "service.exported": _("导出应享服务"),
         "service.plans_begun": _("起草服务方案"), "service.plans_submitted": _("提交服务方案"),
         "service.plans_approved": _("批准服务方案"), "service.plans_sent_back": _("退回服务方案"),
         "service.plans_discarded": _("放弃方案草案"),
         "service.means_kept": _("改人手和预算"),
         "service.touches_listed": _("看应触达"), "service.touches_exported": _("导出应触达"), "service.touches_excused": _("免联系"),
         "service.touch_owed_again": _("恢复应触达"), "service.coverage_seen": _("看联系到位"), "service.touch_rules_kept": _("改触达规则"),
         "service.requests_listed": _("看服务请求"), "service.requests_exported": _("导出服务请求"),
         "service.request_seen": _("看一件请求"),
         "service.request_opened": _("登记请求"), "service.request_resolved": _("办结请求"), "service.request_reopened": _("重开请求"),
         "service.request_confirmed": _("回访请求"), "service.request_phone": _("看请求的号码"),
         "service.recount_seen": _("看重算的时限"), "service.recount_approved": _("批准重算时限"),
         "service.recount_dismissed": _("时限照旧"), "service.request_known": _("认出请求是谁家"),
         "service.request_link_renewed": _("换查询链接"), "service.attachment_seen": _("看请求的附件"),
         "service.pauses_seen": _("查暂停"), "service.clock_rules_kept": _("改提醒规则"),
         "service.answers_listed": _("看常见问题"), "service.faq_kept": _("写常见问题"), "service.faq_shown": _("放出常见问题"),
         "service.faq_hidden": _("收起常见问题"), "service.template_kept": _("写答复模板"), "service.template_dropped": _("去掉答复模板"),
         "service.concessions_listed": _("看优惠"), "service.concessions_exported": _("导出优惠"),
         "service.concession_seen": _("看一份优惠"),
         "service.concessions_compared": _("优惠公平检查"), "service.concession_asked": _("申请优惠"),
         "service.concession_granted": _("批准优惠"), "service.concession_refused": _("不批优惠"),
         "service.concession_given": _("兑现优惠"),
         "service.concession_not_given": _("改回没兑现"), "service.concession_withdrawn": _("撤回优惠"),
         "service.notices_listed": _("看变化通知"), "service.notices_sent": _("批准告诉家长"), "service.notices_dropped": _("不告诉家长"),
         "service.notice_told": _("当面说过变化"),
         "service.points_listed": _("看积分"), "service.points_spent": _("换奖品"), "service.points_given": _("加减积分"),
         "service.points_taken_back": _("撤回积分"), "service.points_rules_kept": _("改积分规则"), "service.prize_kept": _("写奖品"),
         "service.opinions_listed": _("看深度合作"), "service.opinion_seen": _("看一条意见"), "service.opinion_written": _("记合作意见"),
         "service.opinion_decided": _("给合作结论"), "service.opinion_told": _("回合作意见"),
         "service.opinion_reopened": _("合作结论重来"),
         "service.recommendations_listed": _("看推荐"), "service.fitting_listed": _("看合适的孩子"),
         "service.offer_kept": _("写推荐的服务"),
         "service.recommended": _("推荐服务"), "service.recommendation_answered": _("家长答复推荐"),
         "service.recommendation_reopened": _("推荐重新考虑"),
         "service.event_kept": _("写活动"), "service.event_seen": _("看活动"), "service.event_opened": _("发出活动邀请"),
         "service.event_cancelled": _("取消活动"), "service.event_closed": _("总结活动"), "service.event_reopened": _("重新总结活动"),
         "service.event_tasks_begun": _("列筹备清单"), "service.event_task_kept": _("写筹备一项"), "service.event_task_done": _("备好一项"),
         "service.event_task_not_done": _("改回没备好"), "service.event_task_removed": _("去掉筹备一项"),
         "service.event_fitting_listed": _("挑活动请谁"), "service.event_invited": _("请家庭参加活动"),
         "service.event_uninvited": _("撤下活动邀请"), "service.event_part_kept": _("请家长做嘉宾"),
         "service.event_told": _("当面请过活动"), "service.event_answered": _("答复活动邀请"), "service.event_signed_in": _("活动签到"),
         "service.event_signed_out": _("撤销活动签到"),
         "service.event_rated": _("家长评活动"), "service.interest_added": _("加一项兴趣"), "service.interest_removed": _("去掉一项兴趣"),
         "service.interests_kept": _("记家庭的兴趣"),
         "service.win_backs_listed": _("看挽回名单"), "service.win_back_seen": _("看挽回计划"),
         "service.win_back_begun": _("开始挽回"), "service.win_back_kept": _("改挽回计划"), "service.win_back_closed": _("了结挽回"),
         "service.win_back_reopened": _("重开挽回"), "service.win_back_step_added": _("加挽回措施"),
         "service.win_back_step_done": _("做好挽回措施"), "service.win_back_step_undone": _("措施改回没做"),
         "service.win_back_step_removed": _("去掉挽回措施"), "service.win_back_step_shown": _("措施给家长看"),
         "service.team_seen": _("看团队"), "service.profile_kept": _("写同事档案"), "service.staff_rules_kept": _("改分配规则"),
         "service.leave_planned": _("登记请假"), "service.leave_ended": _("请假提前结束"), "service.training_plan_kept": _("写培训计划"),
         "service.training_plans_begun": _("列培训计划"), "service.training_held": _("按计划培训"),
         "service.causes_listed": _("看原因和改进"), "service.cause_seen": _("看一条原因"), "service.cause_found": _("记家庭的原因"),
         "service.cause_dropped": _("去掉一条原因"), "service.change_planned": _("为家庭改一件事"), "service.change_done": _("改好一件事"),
         "service.change_told": _("告诉家长改了"),
         "service.market_seen": _("看市场信息"), "service.market_note_kept": _("写市场信息"),
         "service.market_note_dropped": _("去掉市场信息"),
         "service.list_exported": _("导出服务名单"),
         "service.policy_begun": _("起草优惠办法"), "service.policy_submitted": _("提交优惠办法"),
         "service.policy_approved": _("批准优惠办法"), "service.policy_sent_back": _("退回优惠办法"),
         "service.policy_discarded": _("放弃办法草案")}
SECTIONS = {Section.PEOPLE: _("谁来服务"), Section.STANDARD: _("服务标准"), Section.PROCESS: _("服务流程"), Section.CONTENT: _("服务内容"),
            Section.CADENCE: _("联系节奏"), Section.EVENT: _("活动"), Section.BENEFIT: _("礼遇和优惠")}
PEOPLE = {People.TEAM: _("专门小组"), People.NAMED: _("指定专人"), People.POOL: _("值班同事"), People.SELF: _("先自助")}
SOLUTIONS = {Solution.TAILORED: _("量身定制"), Solution.ADAPTED: _("标准加适当定制"), Solution.STANDARD: _("通用方案"),
             Solution.BASIC: _("基本标准")}
UNITS = {Unit.WEEK: _("每周"), Unit.MONTH: _("每月"), Unit.QUARTER: _("每季"), Unit.YEAR: _("每年")}
OCCASIONS = {Occasion.RHYTHM: _("按节奏"), Occasion.THANKS: _("表示感谢"), Occasion.PROGRESS: _("孩子有进步"),
             Occasion.FESTIVAL: _("重大节日"), Occasion.BIRTHDAY: _("孩子生日"), Occasion.ANNIVERSARY: _("家里的纪念日"),
             Occasion.GIFT: _("纪念日的礼物"), Occasion.NEWS: _("市场信息")}
FESTIVALS = {"new-year": _("元旦"), "spring": _("春节"), "lantern": _("元宵节"), "women": _("妇女节"), "labour": _("劳动节"),
             "children": _("儿童节"), "dragon-boat": _("端午节"), "mid-autumn": _("中秋节"), "double-ninth": _("重阳节"),
             "national": _("国庆节")}
WHOSE = {"me": _("我的"), "all": _("大家的"), "nobody": _("没有维护人的")}
TABS = {"mine": _("我的和没人接的"), "all": _("全部"), "confirm": _("待回访"), "done": _("办结了")}
CONCESSION_TABS = {"waiting": _("等批准"), "granted": _("批了，还没用"), "given": _("用了"), "all": _("全部")}
OPINION_TABS = {"open": _("等结论"), "told": _("还没回家长"), "all": _("全部")}
EVENT_TABS = {"coming": _("要办的"), "over": _("等总结"), "closed": _("总结过的"), "cancelled": _("取消的"), "all": _("全部")}
GUEST_TABS = {"all": _("全部"), "yes": _("来"), "wait": _("候补"), "silent": _("没答复"), "no": _("不来"), "untold": _("没通知到"),
              "came": _("签到了"), "absent": _("说来没来"), "rated": _("说了感受")}
GUEST_SAID = {"answer": _("答复记下了"), "part": _("记下了"), "told": _("记下了，当面请过"), "withdraw": _("从名单上撤下来了"),
              "come": _("签到好了，往来里也有"), "gone": _("签到撤销了")}
WIN_BACK_TABS = {"open": _("在挽回"), "kept": _("留住了"), "lost": _("走了"), "mistaken": _("不用挽回"), "all": _("全部")}
WIN_BACK_SAID = {"done": _("记下了，可以给家长看了"), "not-done": _("又算没好"), "show": _("记下了，往来里也有"), "remove": _("去掉了一项")}
MISPLACED = {"nobody": _("没有人带"), "left": _("带的同事不在岗"), "inexperienced": _("要有经验的同事带")}
FINDING_TABS = {"open": _("还没定改什么"), "doing": _("正在改"), "tell": _("改好了，没告诉家长"), "told": _("告诉了"), "all": _("全部")}
RECOMMENDED_TABS = {"waiting": _("家长在考虑"), "accepted": _("要了"), "declined": _("不要"), "all": _("全部")}
SAID = {"take": _("您接手了"), "reply": _("答复记下了"), "heard": _("家长的话记下了"), "note": _("备注记下了，家长看不到"),
        "pause": _("时限停下了，家长回话就恢复"), "resume": _("时限接着走，扣除了暂停的时间"), "hand": _("转过去了"),
        "resolve": _("办结了，过几天回访家长满不满意"), "reopen": _("重开了"), "confirm": _("回访记下了"),
        "known": _("挂到这一家了，时限照旧")}  # after each act
