"""服务方案: which plan a tier and a risk come to, what it owes, and who has which."""
