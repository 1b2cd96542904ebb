"""Reception's tables, split by noun."""
from reception.models.bookings import WORDS, Booking, PhoneCode, Slot, StoredAnswer
from reception.models.types import BookingRules, CodeWanted, Offer, OfferHost, OfferRoom, Room, VisitType

__all__ = ["Booking", "BookingRules", "CodeWanted", "Offer", "OfferHost", "OfferRoom", "PhoneCode", "Room", "Slot", "StoredAnswer",
           "VisitType", "WORDS"]
