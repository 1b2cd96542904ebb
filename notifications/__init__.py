"""Telling people, through channels: outbox, delivery, inbox. 通知."""
