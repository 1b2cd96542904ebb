"""部门数据: what each department's records say about why families do not come or do not stay (C8–C11)."""
