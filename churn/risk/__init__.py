"""流失风险: judged from signs, swept every night, looked back upon."""
