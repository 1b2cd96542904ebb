"""Reception's tables, split by noun."""
from reception.models.bookings import WORDS, Booking, PhoneCode, Slot, StoredAnswer
from reception.models.contracts import Contract, ContractTemplate, SchoolSeal
from reception.models.costs import ChannelCost
from reception.models.following import FollowRule, FollowUp
from reception.models.manual import SopPage, StageOwner
from reception.models.reviews import ProcessReview, SopRead
from reception.models.types import BookingRules, CodeWanted, Offer, OfferHost, OfferRoom, Room, VisitType
from reception.models.visits import Area, AreaShown, BriefingPoint, Check, CheckItem, Visit, VisitStep
from reception.models.wishes import TimeWish

__all__ = ["Area", "AreaShown", "Booking", "BookingRules", "BriefingPoint", "ChannelCost", "Check", "CheckItem", "CodeWanted",
           "Contract", "ContractTemplate", "FollowRule", "FollowUp", "Offer", "OfferHost", "OfferRoom", "PhoneCode",
           "ProcessReview", "Room", "SchoolSeal", "Slot", "SopPage", "SopRead", "StageOwner", "StoredAnswer", "TimeWish", "Visit",
           "VisitStep", "VisitType", "WORDS"]
