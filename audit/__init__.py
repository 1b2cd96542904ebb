"""What was done, by whom, and who looked; append-only. 审计、查看记录."""
