-- Vendors that charge more for long prompts reprice the whole request by the size of its prompt.

-- migrate:up
ALTER TABLE prices
  -- From so many prompt tokens on, cached ones included, every kind costs what these say; 0: never.
  ADD COLUMN long_from_tokens integer NOT NULL DEFAULT 0 CHECK (long_from_tokens >= 0),
  ADD COLUMN long_input_micro bigint NOT NULL DEFAULT 0 CHECK (long_input_micro >= 0),
  ADD COLUMN long_cache_read_micro bigint NOT NULL DEFAULT 0 CHECK (long_cache_read_micro >= 0),
  ADD COLUMN long_cache_write_micro bigint NOT NULL DEFAULT 0 CHECK (long_cache_write_micro >= 0),
  ADD COLUMN long_output_micro bigint NOT NULL DEFAULT 0 CHECK (long_output_micro >= 0);

-- migrate:down
ALTER TABLE prices DROP COLUMN long_from_tokens, DROP COLUMN long_input_micro,
  DROP COLUMN long_cache_read_micro, DROP COLUMN long_cache_write_micro,
  DROP COLUMN long_output_micro;
