-- name: list_shards
SELECT shard, epoch, server FROM shards ORDER BY shard;

-- name: open_shard
-- $1: shard, $2: epoch, $3: run id of the server. Never returns to an earlier epoch.
UPDATE shards SET epoch = greatest(epoch, $2), opened_at = coalesce(opened_at, now()), server = $3
WHERE shard = $1 RETURNING epoch;
