"""推荐登记: the result is what the school's sheet says; what is doubtful is kept, flagged and not counted (B21)."""
from collections.abc import Sequence
from datetime import date

from django.db.models import Min

from crm.imports.ledger import Known, Ledger, Row
from crm.imports.records import ReferralLine
from crm.models import Enrolment, Referral
from crm.parse import mask_phone
from tenancy.sealing import blind_index


def apply(ledger: Ledger, rows: Sequence[Row]) -> None:
    known = Known.by_phones([p for row in rows for p in (row.line.phone, row.line.referred_phone)])
    there = {(r.referrer_id, r.phone_index, r.referred_on): r for r in Referral.objects.all()}
    referrer_of = {r.phone_index: r.referrer_id for r in there.values()}
    above = {r.referred_id: r.referrer_id for r in there.values() if r.referred_id}
    enrolled = first_enrolments(list(known.customer_of.values()))
    for row in rows:
        line: ReferralLine = row.line
        referrer = known.customer(line.phone)
        if referrer is None:
            ledger.refuse(row, "phone", f"档案里没有 {mask_phone(line.phone)} 这家，先导入花名册")
            continue
        referred = known.customer(line.referred_phone)
        index = blind_index(line.referred_phone)
        if referred and _is_above(referred, referrer, above):
            ledger.refuse(row, "referred_phone", "这两家已经互相推荐过，绕成一圈的推荐不能登记")
        elif (referrer, index, line.referred_on) in there:
            _again(ledger, there[referrer, index, line.referred_on], line)
        else:
            flag = flag_for(line.referred_on, enrolled.get(referred or 0), referrer_of.get(index), referrer)
            _new(ledger, line, referrer, referred, flag)
            if flag:
                ledger.remark(row, "remark", "result", f"{flag}，已保留，不计入分级")
            referrer_of.setdefault(index, referrer)
            if referred:
                above.setdefault(referred, referrer)


def first_enrolments(customers: list[int]) -> dict[int, date]:
    rows = Enrolment.objects.filter(child__family__customer_id__in=customers)
    return dict(rows.values("child__family__customer_id").annotate(first=Min("from_on")).values_list(
        "child__family__customer_id", "first"))


def flag_for(referred_on: date, enrolled_on: date | None, earlier_referrer: int | None, referrer: int) -> str:
    """Why a referral is doubtful, or nothing: it came after the enrolment, or somebody else referred them first."""
    if enrolled_on and enrolled_on < referred_on:
        return f"被推荐家庭 {enrolled_on} 已入园，早于推荐"
    if earlier_referrer is not None and earlier_referrer != referrer:
        return "已有另一家推荐过"
    return ""


def _is_above(customer: int, start: int, above: dict[int, int]) -> bool:
    """Whether ``customer`` stands somewhere in the chain of referrers that leads to ``start``."""
    seen: set[int] = set()
    step: int | None = start
    while step is not None and step not in seen:
        if step == customer:
            return True
        seen.add(step)
        step = above.get(step)
    return False


def _again(ledger: Ledger, referral: Referral, line: ReferralLine) -> None:
    converted = _converted_on(line)
    if referral.result == line.result and referral.converted_on == converted:
        ledger.counts["unchanged"] += 1
        return
    ledger.update(referral, result=line.result, converted_on=converted)
    ledger.counts["changed"] += 1


def _new(ledger: Ledger, line: ReferralLine, referrer: int, referred: int | None, flag: str) -> None:
    referral = Referral(referrer_id=referrer, referred_id=referred, referred_name=line.referred_name, result=line.result,
                        phone_index=blind_index(line.referred_phone), referred_on=line.referred_on, flag=flag,
                        converted_on=_converted_on(line), counts=not flag, import_run=ledger.run)
    referral.phone = line.referred_phone
    referral.save(force_insert=True)
    ledger.counts["new"] += 1


def _converted_on(line: ReferralLine) -> date | None:
    """The sheet's own day, or the referral's when the sheet only says that they came."""
    return (line.converted_on or line.referred_on) if line.result == Referral.Result.CONVERTED else None
