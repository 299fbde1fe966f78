SELECT count(*) FROM usage_history
