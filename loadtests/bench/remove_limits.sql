-- The benchmark measures the machine, not the plans.
UPDATE tiers
SET requests_per_minute = NULL, tokens_per_minute = NULL, credits_per_day_micro = NULL
