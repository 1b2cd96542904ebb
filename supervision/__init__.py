"""Inspections, staff appraisal, rewards and penalties, confidentiality. 监督."""
