"""What tier and risk entitle to: plans, touches owed, requests and their clocks. 服务分级."""
