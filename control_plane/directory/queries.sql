-- name: list_shards
SELECT shard, epoch, opened_at IS NOT NULL AS opened FROM shards ORDER BY shard;

-- name: open_shard
-- $1: shard, $2: epoch. Never back to an earlier epoch.
UPDATE shards SET epoch = greatest(epoch, $2), opened_at = coalesce(opened_at, now())
WHERE shard = $1 RETURNING epoch;
