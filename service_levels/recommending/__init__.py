"""推荐: value-added services and special courses, offered at the right time, and whether families took them (SPEC K23)."""
