-- name: list_columns
-- Tables and views of ours, without the partitions, which are made as months come.
SELECT c.relname AS "table", c.relkind = 'v' AS is_view, a.attname AS name,
  format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
  a.attgenerated <> '' AS generated,
  coalesce(a.attnum = ANY (p.conkey), false) AS in_key,
  EXISTS (SELECT FROM pg_constraint f WHERE f.conrelid = c.oid AND f.contype = 'f'
    AND a.attnum = ANY (f.conkey)) AS refers
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_constraint p ON p.conrelid = c.oid AND p.contype = 'p'
WHERE c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition AND c.relname <> 'schema_migrations'
ORDER BY c.relname, a.attnum;

-- name: list_references
SELECT c.relname AS "table", r.relname AS target, f.confdeltype = 'c' AS cascades,
  (SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum = ANY (f.conkey)) AS columns,
  EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indpred IS NULL
    AND (SELECT array_agg(k ORDER BY k) FROM unnest(i.indkey::smallint[]) AS k)
      = (SELECT array_agg(k ORDER BY k) FROM unnest(f.conkey) AS k)) AS single
FROM pg_constraint f
JOIN pg_class c ON c.oid = f.conrelid AND NOT c.relispartition
JOIN pg_class r ON r.oid = f.confrelid
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
WHERE f.contype = 'f'
ORDER BY r.relname, c.relname, 4;

-- name: list_indexes
SELECT c.relname AS "table", pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid AND NOT c.relispartition AND c.relname <> 'schema_migrations'
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
ORDER BY c.relname, 2;

-- name: list_generated
SELECT c.relname AS "table", a.attname AS name, pg_get_expr(d.adbin, d.adrelid) AS expression
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid AND NOT c.relispartition
JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
WHERE a.attgenerated <> '' ORDER BY c.relname, a.attnum;
