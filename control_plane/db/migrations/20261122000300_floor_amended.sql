-- migrate:up

-- An account's new floor goes to Redis like its state and its tier. Null: it stays as it is.
ALTER TABLE grant_outbox ADD COLUMN floor bigint,
  ADD CONSTRAINT grant_outbox_floor_check CHECK (floor <= 0 AND (floor IS NULL OR kind = 'amend'));

-- migrate:down

ALTER TABLE grant_outbox DROP COLUMN floor;
