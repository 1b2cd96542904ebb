"""The visit from booking to follow-up. 到访接待."""
