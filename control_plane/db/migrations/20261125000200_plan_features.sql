-- migrate:up
-- What a plan's numbers say is derived from them now; the seeds had repeated it as text.
UPDATE plans SET features = '{}'
WHERE features IN (
  '{"5,000 credits a month","10 requests a minute"}',
  '{"100,000 credits a month","60 requests a minute"}',
  '{"1,000,000 credits a month","300 requests a minute"}');

-- migrate:down
