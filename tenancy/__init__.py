"""Whose row is it, who may touch it, which key opens it. 租户、成员、角色、园所."""
