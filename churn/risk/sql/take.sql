-- Standings follow what a night found (risk_stage holds only families whose points changed, and with band '' those who left).
-- What began on the same day never was; what began before ends on the day; what there is to say begins on it.
WITH undone AS (
  DELETE FROM churn_riskstanding r USING risk_stage s
  WHERE r.tenant_id = %(tenant)s AND r.customer_id = s.customer_id AND r.until_on IS NULL AND r.from_on = %(day)s
), ended AS (
  UPDATE churn_riskstanding r SET until_on = %(day)s FROM risk_stage s
  WHERE r.tenant_id = %(tenant)s AND r.customer_id = s.customer_id AND r.until_on IS NULL AND r.from_on < %(day)s
)
SELECT 1
