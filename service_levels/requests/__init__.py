"""服务请求: what families ask for, by when they are answered, and how it went (SPEC K20, K34, K36, K43, S7, S12b, S13b, S14, S21, B6)."""
