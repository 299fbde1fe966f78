-- migrate:up

-- Which server a shard was opened on. Another one may be an older copy of it: a replica that had
-- not heard of the last charges, or a file that lost its end.
ALTER TABLE shards ADD COLUMN server text;

-- migrate:down

ALTER TABLE shards DROP COLUMN server;
