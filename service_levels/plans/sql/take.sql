-- Entitlements follow what has changed. What began on the same day never was; what began before ends on the day.
WITH undone AS (
  DELETE FROM service_levels_entitlement e USING entitlement_stage s
  WHERE e.tenant_id = %(tenant)s AND e.customer_id = s.customer_id AND e.until_on IS NULL AND e.from_on = %(day)s
), ended AS (
  UPDATE service_levels_entitlement e SET until_on = %(day)s FROM entitlement_stage s
  WHERE e.tenant_id = %(tenant)s AND e.customer_id = s.customer_id AND e.until_on IS NULL AND e.from_on < %(day)s
)
SELECT 1
