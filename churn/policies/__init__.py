"""流失管理制度: the written rule, generated from the school's live settings, published in versions and read by everybody (C34, B14)."""
