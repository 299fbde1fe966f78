-- Several routes to a model, other names for it, and its way out of service.

-- migrate:up
ALTER TABLE model_routes
  -- Routes of the lowest order are tried first, those of one order in proportion to their weight.
  ADD COLUMN tried_order integer NOT NULL DEFAULT 0 CHECK (tried_order >= 0),
  ADD COLUMN weight integer NOT NULL DEFAULT 1 CHECK (weight > 0),
  -- The group of the provider's keys to use; empty is the default one.
  ADD COLUMN key_group text NOT NULL DEFAULT '';

ALTER TABLE models
  -- From then on answers carry a warning; from sunset_at on there are none.
  ADD COLUMN deprecated_at timestamptz,
  ADD CHECK (sunset_at IS NULL OR deprecated_at IS NULL OR deprecated_at <= sunset_at);

CREATE TABLE model_aliases (
  alias text PRIMARY KEY CHECK (alias <> ''),
  model_id text NOT NULL REFERENCES models ON DELETE CASCADE
);
CREATE INDEX model_aliases_model ON model_aliases (model_id);

-- migrate:down
DROP TABLE model_aliases;
ALTER TABLE models DROP COLUMN deprecated_at;
ALTER TABLE model_routes DROP COLUMN tried_order, DROP COLUMN weight, DROP COLUMN key_group;
