"""The archive's API: families with their people, enrolments, payments, referrals, activities. Phones stay masked."""
