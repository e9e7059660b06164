-- Events from outside. Run as kf_owner by whoever runs a node; may be run again and again.

CREATE TABLE IF NOT EXISTS kf.event_meta (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version int4 NOT NULL
);

-- What this node has seen and the chain has not decided. No two nodes have the same rows, and no hash covers them.
CREATE TABLE IF NOT EXISTS kf.observed (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 32),
  sequence int8 GENERATED ALWAYS AS IDENTITY,
  oracle text COLLATE "C" NOT NULL,
  body bytea NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS observed_sequence ON kf.observed (sequence);

-- What an oracle remembers of where it is. As local as the above, and written with it.
CREATE TABLE IF NOT EXISTS kf.cursor (
  oracle text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (oracle, key)
);

-- From here on everything is the same on every node, and written in the transaction of a block only.

CREATE TABLE IF NOT EXISTS kf.event (
  id bytea PRIMARY KEY CHECK (octet_length(id) = 32),
  body bytea NOT NULL,
  claimed_by text COLLATE "C" NOT NULL,
  threshold text COLLATE "C" NOT NULL,
  first_height int8 NOT NULL,
  status text COLLATE "C" NOT NULL DEFAULT 'open'
    CHECK (status IN ('open', 'approved', 'applied', 'rejected', 'superseded', 'expired')),
  -- The height at which it was decided.
  height int8,
  -- The SQLSTATE of a rejection, or the class of one.
  reason text COLLATE "C",
  CHECK ((height IS NULL) = (status IN ('open', 'approved')))
);
CREATE INDEX IF NOT EXISTS event_undecided ON kf.event (first_height, id) WHERE height IS NULL;
CREATE INDEX IF NOT EXISTS event_height ON kf.event (height, id) WHERE height IS NOT NULL;

-- Who has seen an event that is not decided.
CREATE TABLE IF NOT EXISTS kf.vote (
  id bytea NOT NULL REFERENCES kf.event,
  validator text COLLATE "C" NOT NULL,
  height int8 NOT NULL,
  PRIMARY KEY (id, validator)
);

-- The last point of each topic.
CREATE TABLE IF NOT EXISTS kf.topic (
  topic text COLLATE "C" PRIMARY KEY,
  point int8 NOT NULL
);

GRANT SELECT ON kf.event_meta TO kf_engine;
GRANT SELECT, INSERT, UPDATE, DELETE ON kf.observed, kf.cursor, kf.event, kf.vote, kf.topic TO kf_engine;
