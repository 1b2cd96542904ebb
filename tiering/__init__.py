"""What a customer is worth: schemes, batches, review, publishing, the quarterly report. 分级."""
