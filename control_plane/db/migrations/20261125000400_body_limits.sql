-- migrate:up
-- NULL: the deployment's own limit. Below 1 MiB the plan is not asked for.
ALTER TABLE tiers ADD body_bytes_max bigint CHECK (body_bytes_max >= 1048576);
UPDATE tiers SET body_bytes_max = 8388608 WHERE id = 'free';

-- migrate:down
ALTER TABLE tiers DROP body_bytes_max;
