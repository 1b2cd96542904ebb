"""The customer archive and everything known about a customer. 客户档案、往来、导入."""
