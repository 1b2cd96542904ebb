"""Reception's tables, split by noun."""
from reception.models.bookings import WORDS, Booking, Slot, StoredAnswer
from reception.models.types import BookingRules, CodeWanted, Offer, OfferHost, OfferRoom, Room, VisitType

__all__ = ["Booking", "BookingRules", "CodeWanted", "Offer", "OfferHost", "OfferRoom", "Room", "Slot", "StoredAnswer", "VisitType",
           "WORDS"]
